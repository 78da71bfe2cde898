package io.osmia.ca.internal;

import io.osmia.ca.CaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The files of the certificate directory (rules 0.7, 7.12.1).
 *
 * <p>A new set is written so that a crash at any point leaves one that {@link CertificateLoader} can complete: root and
 * certificate under temporary names, then the key in one step, then certificate and root under their own names.
 */
public final class CertificateFiles {

    private static final Set<PosixFilePermission> PUBLIC = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> SECRET = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwxr-xr-x");

    private final Path directory;

    public CertificateFiles(Path directory) {
        this.directory = directory;
    }

    public Path root() {
        return directory.resolve("swarm-root-ca.crt");
    }

    /** Never written: the root's key lives in the cluster object (rule 7.2.4). */
    public Path rootKey() {
        return directory.resolve("swarm-root-ca.key");
    }

    public Path certificate() {
        return directory.resolve("swarm-node.crt");
    }

    public Path key() {
        return directory.resolve("swarm-node.key");
    }

    static Path temporary(Path file) {
        return file.resolveSibling("." + file.getFileName());
    }

    /** The bytes, or empty when there is no such file. */
    public Optional<byte[]> read(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            throw new CaException(file + " cannot be read: " + reason(e), e);
        }
    }

    /** Puts a whole new set in place. */
    public void write(byte[] rootPem, byte[] chainPem, byte[] keyPem) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(DIRECTORY));
            }
            stage(root(), rootPem, PUBLIC);
            stage(certificate(), chainPem, PUBLIC);
            stage(key(), keyPem, SECRET);
            promote(key());
            promote(certificate());
            promote(root());
        } catch (IOException e) {
            throw new CaException("the certificates cannot be written to " + directory + ": " + reason(e), e);
        }
    }

    /** Puts another key file in place, of the same key. */
    public void writeKey(byte[] keyPem) {
        replace(key(), keyPem, SECRET);
    }

    /** Puts another trust bundle in place. */
    public void writeRoot(byte[] rootPem) {
        replace(root(), rootPem, PUBLIC);
    }

    private void replace(Path file, byte[] content, Set<PosixFilePermission> mode) {
        try {
            stage(file, content, mode);
            promote(file);
        } catch (IOException e) {
            throw new CaException(file + " cannot be written: " + reason(e), e);
        }
    }

    /** Gives a staged file its own name. */
    void promote(Path file) throws IOException {
        Files.move(temporary(file), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /** Removes what an interrupted writing has left and nobody needs. */
    void removeStaged() {
        for (Path file : new Path[] {root(), certificate(), key()}) {
            try {
                Files.deleteIfExists(temporary(file));
            } catch (IOException e) {
                throw new CaException(temporary(file) + " cannot be removed: " + reason(e), e);
            }
        }
    }

    private static void stage(Path file, byte[] content, Set<PosixFilePermission> mode) throws IOException {
        Path staged = temporary(file);
        Files.deleteIfExists(staged);
        try (FileChannel out = FileChannel.open(
                staged,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(SECRET))) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            Files.setPosixFilePermissions(staged, mode);
            out.force(true);
        }
    }

    static String reason(IOException e) {
        return e instanceof FileSystemException f && f.getReason() != null
                ? f.getReason()
                : e.getClass().getSimpleName();
    }
}
