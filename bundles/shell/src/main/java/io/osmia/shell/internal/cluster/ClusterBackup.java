package io.osmia.shell.internal.cluster;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.osmia.BackupChunk;
import io.osmia.wire.osmia.BackupRequest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "backup", description = "Write the whole state of the cluster to a file.", footer = {"",
    "The file holds the cluster's root key and all secrets in clear: keep it as you would keep those."})
final class ClusterBackup extends SessionCommand {

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    @Parameters(paramLabel = "FILE", description = "Where to; for the owner alone (mode 0600).")
    private Path file = Path.of("");

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    ClusterBackup(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable, IOException {
        Path target = file.toAbsolutePath().normalize();
        if (Files.exists(target) && !force) {
            throw Failure.refused(file + " is there already; give another name, or --force to replace it");
        }
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw Failure.refused("there is no folder " + folder + " to write " + file + " into");
        }
        // Whole or not at all: half a backup would look like one.
        Path part = target.resolveSibling("." + target.getFileName() + ".part");
        try {
            Files.deleteIfExists(part);
            long bytes = write(part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            session.out().println(file + ": " + bytes + " bytes");
        } catch (IOException e) {
            throw Failure.refused("cannot write " + file + ": " + e.getClass().getSimpleName() + ": " + e.getMessage());
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private long write(Path part) throws NotReachable, IOException {
        Iterator<BackupChunk> chunks = session.backups().backup(BackupRequest.getDefaultInstance());
        long bytes = 0;
        try (FileChannel out = FileChannel.open(
                part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
            while (chunks.hasNext()) {
                var data = chunks.next().getData().asReadOnlyByteBuffer();
                bytes += data.remaining();
                while (data.hasRemaining()) {
                    out.write(data);
                }
            }
            out.force(true);
        }
        if (bytes == 0) {
            throw Failure.refused("the manager sent an empty backup; look at its log");
        }
        return bytes;
    }
}
