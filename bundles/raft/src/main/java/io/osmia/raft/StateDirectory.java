package io.osmia.raft;

import io.osmia.raft.internal.Access;
import io.osmia.raft.internal.FormatFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The state directory, held by this process alone until it is closed. The lock belongs to the process: it is gone when the
 * process is, however it ended.
 */
public final class StateDirectory implements AutoCloseable {

    private static final String LOCK = "node.lock";

    private final Path path;
    private final FileChannel channel;

    private StateDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Takes the directory, and makes it (mode 0700) when it is missing.
     *
     * @throws StateException when it is in use, not writable, no directory, or of a newer format; nothing is changed then
     */
    public static StateDirectory open(Path path) {
        Path directory = path.toAbsolutePath().normalize();
        create(directory);
        FormatFile format = new FormatFile(directory);
        boolean fresh = format.check().isEmpty();
        StateDirectory held = new StateDirectory(directory, lock(directory.resolve(LOCK)));
        try {
            // Not before: files of a node that runs come and go.
            new Access(directory).checkContent();
            if (fresh) {
                format.write();
            }
            return held;
        } catch (StateException e) {
            held.close();
            throw e;
        }
    }

    private static void create(Path directory) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new StateException(directory, "is not a directory");
        }
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new StateException(directory, "cannot be made: " + reason(e), e);
        }
        Access.folder(directory);
    }

    private static FileChannel lock(Path file) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            @Nullable FileLock lock = tryLock(channel);
            if (lock == null) {
                throw new StateException(file.resolveSibling(""), "is in use by another node" + holder(channel));
            }
            channel.truncate(0);
            channel.write(StandardCharsets.UTF_8.encode(ProcessHandle.current().pid() + "\n"), 0);
            return channel;
        } catch (IOException e) {
            close(channel);
            throw new StateException(file, "cannot be locked: " + reason(e), e);
        } catch (StateException e) {
            close(channel);
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(32);
        channel.read(bytes, 0);
        String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
        return pid.isEmpty() ? "" : " (pid " + pid + ")";
    }

    /** The JDK's file exceptions often carry the path alone. */
    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }

    private static void close(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // The lock was never taken, or ends with the process.
            }
        }
    }

    /** Absolute and normal. */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        close(channel);
    }
}
