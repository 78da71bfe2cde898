package io.osmia.raft.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are wholly there after a crash, or not at all. */
public final class DurableFiles {

    private DurableFiles() {}

    /** Writes by temporary file, sync and rename. */
    public static void write(Path file, String text) throws IOException {
        write(file, file.getFileName() + ".tmp", text.getBytes(StandardCharsets.UTF_8));
    }

    /** @param temporaryName name beside the file of what is not whole yet */
    public static void write(Path file, String temporaryName, byte[] content) throws IOException {
        Path temporary = file.resolveSibling(temporaryName);
        try (FileChannel out = FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        moveInto(temporary, file);
    }

    /** Gives a file that is already synced its final name, for good. */
    public static void moveInto(Path temporary, Path file) throws IOException {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            syncDirectory(parent);
        }
    }

    private static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
