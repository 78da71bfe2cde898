package io.osmia.control.listener;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The file of the unix socket: whoever may open it is this manager, so it is kept private. */
final class LocalSocket {

    /** What fits into the address of a unix socket beside its closing zero. */
    static final int LONGEST_PATH = 107;

    private final Path path;
    private Optional<Object> fileKey = Optional.empty();

    LocalSocket(Path path) {
        this.path = path.toAbsolutePath();
    }

    UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(path);
    }

    /** Makes the way free: the directory is there, and no socket of a node that has ended. */
    void prepare() throws IOException {
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_PATH) {
            throw new BindFailure(
                    "the path of the control socket has " + length + " bytes, and the limit of unix sockets is "
                            + LONGEST_PATH + ": " + path + "; give a shorter one with --listen-control-api PATH");
        }
        Path directory = path.getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            removeStale();
        }
    }

    private void removeStale() throws IOException {
        if (!attributes().isOther()) {
            throw new BindFailure(path + " is there and is not a socket: move it away, or give another path with"
                    + " --listen-control-api PATH");
        }
        if (isLive()) {
            throw new BindFailure("another process listens on the control socket " + path
                    + ": stop it, or give another path with --listen-control-api PATH");
        }
        Files.delete(path);
    }

    private boolean isLive() {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(address());
        } catch (IOException nobodyListens) {
            return false;
        }
    }

    /** To be called once bound. */
    void restrict() throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        fileKey = Optional.ofNullable(attributes().fileKey());
    }

    /** Removes the socket unless another one has taken its place. */
    void remove() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && fileKey.isPresent()
                && fileKey.get().equals(attributes().fileKey())) {
            Files.delete(path);
        }
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
