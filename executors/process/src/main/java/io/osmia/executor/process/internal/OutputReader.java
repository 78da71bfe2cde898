package io.osmia.executor.process.internal;

import io.osmia.api.executor.TaskOutput.OutputLine;
import io.osmia.api.executor.TaskOutput.Sink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Reads the lines of one append-only output file, from the end or the start, and what is added later. Its head may become a
 * hole meanwhile.
 */
final class OutputReader implements AutoCloseable {

    private static final int BLOCK = 8192;

    /** A longer line is handed over in pieces: the file may be larger than this Java's memory, and have no line end at all. */
    private static final int LONGEST = 64 * 1024;

    private final boolean stderr;
    private final Path path;
    private final RandomAccessFile file;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final byte[] block = new byte[BLOCK];
    private final OutputPosition position;

    /**
     * Opens the file.
     *
     * @param tail begins with so many of its last lines; negative to begin at the position
     * @param position shared by both streams, and kept at the end of what was handed over
     */
    OutputReader(Path path, boolean stderr, int tail, OutputPosition position) throws IOException {
        this.path = path;
        this.stderr = stderr;
        this.position = position;
        if (!Files.exists(path)) {
            Files.write(path, new byte[0], java.nio.file.StandardOpenOption.CREATE,
                    java.nio.file.StandardOpenOption.APPEND);
        }
        this.file = new RandomAccessFile(path.toFile(), "r");
        long start = tail < 0 ? position.of(stderr) : startOfLast(tail);
        file.seek(start);
        position.set(stderr, start);
    }

    private long startOfLast(int lines) throws IOException {
        long end = file.length();
        if (lines == 0) {
            return end;
        }
        long position = end;
        long head = Math.min(OutputHead.of(path), end);
        int wanted = lines;
        while (position > head) {
            int size = (int) Math.min(BLOCK, position - head);
            position -= size;
            file.seek(position);
            file.readFully(block, 0, size);
            for (int i = size - 1; i >= 0; i--) {
                boolean lastByte = position + i == end - 1;
                if (block[i] == '\n' && !lastByte && --wanted == 0) {
                    return position + i + 1;
                }
            }
        }
        return head;
    }

    /**
     * Hands over the whole lines there are.
     *
     * @param last whether nothing more will come, so that an unfinished line is handed over too
     * @return false when the sink has had enough
     */
    boolean drain(Sink sink, boolean last) throws IOException {
        while (true) {
            int size = file.read(block);
            if (size < 0) {
                return !last || line.size() == 0 || emit(sink, 0);
            }
            if (skippedHole(size)) {
                continue;
            }
            for (int i = 0; i < size; i++) {
                boolean end = block[i] == '\n';
                if ((end || line.size() == LONGEST) && !emit(sink, end ? 1 : 0)) {
                    return false;
                }
                if (!end) {
                    line.write(block[i]);
                }
            }
        }
    }

    /** Zeros may be what is left of lines that were given up: then reading goes on with the first one that was kept. */
    private boolean skippedHole(int size) throws IOException {
        for (int i = 0; i < size; i++) {
            if (block[i] == 0) {
                long head = OutputHead.of(path);
                if (head > file.getFilePointer() - size && head <= file.length()) {
                    file.seek(head);
                    line.reset();
                    position.set(stderr, head);
                    return true;
                }
                return false;
            }
        }
        return false;
    }

    private boolean emit(Sink sink, int lineEnd) {
        byte[] bytes = line.toByteArray();
        line.reset();
        position.set(stderr, position.of(stderr) + bytes.length + lineEnd);
        return sink.line(new OutputLine(stderr, bytes, Instant.EPOCH, position.toString()));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
