package io.osmia.executor.process.internal;

import io.osmia.api.executor.TaskOutput.OutputLine;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import io.osmia.api.executor.TaskOutput.Sink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads what conmon wrote of an isolated task: one file for both streams, whose lines are {@code TIME stdout|stderr P|F TEXT},
 * where P stands before a piece of a line that goes on. Its head may become a hole meanwhile.
 */
final class ContainerLog implements AutoCloseable {

    private static final int BLOCK = 64 * 1024;

    /** A longer line is handed over in pieces. */
    private static final int LONGEST = 64 * 1024;

    /** Length of {@code stdout P }. */
    private static final int TAGS = 9;

    private final Path path;
    private final OutputRequest request;
    private final OutputPosition position;
    private final Stream out = new Stream();
    private final Stream err = new Stream();
    private final byte[] block = new byte[BLOCK];
    private final ByteArrayOutputStream entry = new ByteArrayOutputStream();
    private final RandomAccessFile file;

    /** Where the entry begins that is being gathered. */
    private long at;

    /** One of the two streams: the beginning of a line whose end has not come. */
    private static final class Stream {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        long begins;
        Instant time = Instant.EPOCH;
    }

    /** @param position kept at the end of what was handed over */
    ContainerLog(Path path, OutputRequest request, OutputPosition position, boolean resumed) throws IOException {
        this.path = path;
        this.request = request;
        this.position = position;
        if (!Files.exists(path)) {
            // conmon appends to it.
            Files.write(path, new byte[0], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        this.file = new RandomAccessFile(path.toFile(), "r");
        if (!resumed && request.tail() >= 0) {
            seekTail(request.tail());
        }
        seek(Math.min(position.of(false), position.of(true)));
    }

    private void seek(long offset) throws IOException {
        file.seek(offset);
        at = offset;
        entry.reset();
    }

    /** Sets the position in front of the last lines of each stream. */
    private void seekTail(int lines) throws IOException {
        Deque<Long> outs = new ArrayDeque<>();
        Deque<Long> errs = new ArrayDeque<>();
        long[] partial = {-1, -1};
        seek(0);
        eachEntry((begin, bytes) -> {
            int stream = isStderr(bytes) ? 1 : 0;
            if (partial[stream] < 0) {
                partial[stream] = begin;
                Deque<Long> begins = stream == 1 ? errs : outs;
                begins.addLast(begin);
                if (begins.size() > lines) {
                    begins.removeFirst();
                }
            }
            if (isWhole(bytes)) {
                partial[stream] = -1;
            }
            return true;
        });
        position.set(false, outs.isEmpty() ? at : outs.getFirst());
        position.set(true, errs.isEmpty() ? at : errs.getFirst());
    }

    /** Takes an entry that begins there; false to stop. */
    private interface Entries {
        boolean take(long begin, byte[] bytes);
    }

    /** Gives every whole entry from here to the end of the file; false when it was told to stop. */
    private boolean eachEntry(Entries entries) throws IOException {
        while (true) {
            int size = file.read(block);
            if (size < 0) {
                return true;
            }
            if (skippedHole(size)) {
                continue;
            }
            for (int i = 0; i < size; i++) {
                if (block[i] != '\n') {
                    entry.write(block[i]);
                    continue;
                }
                byte[] bytes = entry.toByteArray();
                long begin = at;
                at += bytes.length + 1;
                entry.reset();
                if (!entries.take(begin, bytes)) {
                    return false;
                }
            }
        }
    }

    /** Zeros may be what is left of entries that were given up: then reading goes on with the first one that was kept. */
    private boolean skippedHole(int size) throws IOException {
        for (int i = 0; i < size; i++) {
            if (block[i] == 0) {
                long head = OutputHead.of(path);
                if (head > file.getFilePointer() - size && head <= file.length()) {
                    seek(head);
                    return true;
                }
                return false;
            }
        }
        return false;
    }

    /**
     * Hands over the whole lines there are.
     *
     * @param last whether nothing more will come, so that an unfinished line is handed over too
     * @return false when the sink has had enough
     */
    boolean drain(Sink sink, boolean last) throws IOException {
        boolean more = eachEntry((begin, bytes) -> take(begin, bytes, sink));
        if (!more || !last) {
            return more;
        }
        return flush(out, false, sink) && flush(err, true, sink);
    }

    private boolean flush(Stream stream, boolean stderr, Sink sink) {
        return stream.line.size() == 0 || emit(stream, stderr, sink);
    }

    private boolean take(long begin, byte[] bytes, Sink sink) {
        @Nullable Integer text = text(bytes);
        boolean stderr = isStderr(bytes);
        Stream stream = stderr ? err : out;
        if (text == null || begin < position.of(stderr)) {
            return true;
        }
        if (stream.line.size() == 0) {
            stream.begins = begin;
            stream.time = time(bytes);
        }
        stream.line.write(bytes, text, bytes.length - text);
        return (!isWhole(bytes) && stream.line.size() < LONGEST) || emit(stream, stderr, sink);
    }

    private boolean emit(Stream stream, boolean stderr, Sink sink) {
        byte[] line = stream.line.toByteArray();
        stream.line.reset();
        position.set(stderr, at);
        Stream other = stderr ? out : err;
        // Whoever goes on from here has to see the beginning of the other stream's line again.
        position.set(!stderr, Math.max(position.of(!stderr), other.line.size() == 0 ? at : other.begins));
        boolean wanted = stderr ? request.stderr() : request.stdout();
        if (!wanted || stream.time.isBefore(request.since()) || stream.time.isAfter(request.until())) {
            return true;
        }
        return sink.line(new OutputLine(stderr, line, stream.time, position.toString()));
    }

    /** Where the text begins; null when this is no entry. */
    private static @Nullable Integer text(byte[] bytes) {
        int space = indexOfSpace(bytes);
        return space < 0 || bytes.length < space + 1 + TAGS ? null : space + 1 + TAGS;
    }

    private static int indexOfSpace(byte[] bytes) {
        for (int i = 0; i < Math.min(bytes.length, 40); i++) {
            if (bytes[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isStderr(byte[] bytes) {
        int space = indexOfSpace(bytes);
        // stdout and stderr differ in their fourth letter
        return space >= 0 && bytes.length > space + 4 && bytes[space + 4] == 'e';
    }

    private static boolean isWhole(byte[] bytes) {
        int space = indexOfSpace(bytes);
        return space >= 0 && bytes.length > space + 8 && bytes[space + 8] == 'F';
    }

    private static Instant time(byte[] bytes) {
        try {
            String text = new String(Arrays.copyOf(bytes, indexOfSpace(bytes)), StandardCharsets.US_ASCII);
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
