package io.osmia.executor.process.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Where the output that was kept begins in its file, in a small file beside it. It is written before what is in front of it
 * becomes a hole: whoever reads zeros looks here whether they were written by the task.
 */
final class OutputHead {

    private OutputHead() {}

    private static Path beside(Path output) {
        return output.resolveSibling(output.getFileName() + ".head");
    }

    /** Offset of the first byte that was kept; the start of a line, unless a line is longer than what is looked through. */
    static long of(Path output) throws IOException {
        try {
            return Long.parseLong(Files.readString(beside(output)).strip());
        } catch (NoSuchFileException e) {
            return 0;
        } catch (NumberFormatException e) {
            throw new IOException("damaged file " + beside(output), e);
        }
    }

    static void set(Path output, long offset) throws IOException {
        Path head = beside(output);
        Path temporary = head.resolveSibling(head.getFileName() + ".new");
        Files.writeString(temporary, Long.toString(offset));
        Files.move(temporary, head, StandardCopyOption.ATOMIC_MOVE);
    }
}
