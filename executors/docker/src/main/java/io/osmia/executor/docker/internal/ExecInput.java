package io.osmia.executor.docker.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** What is written to a program, on its way to the transport, which reads it on a thread of its own. */
final class ExecInput extends InputStream {

    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(16);
    private byte[] current = new byte[0];
    private int offset;
    private volatile boolean ended;
    private volatile @Nullable Thread reader;

    /** Where the program's input is written to. */
    OutputStream sink() {
        return new Sink();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        reader = Thread.currentThread();
        if (offset == current.length) {
            if (current == END && ended) {
                return -1;
            }
            try {
                current = chunks.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
            offset = 0;
            if (current == END) {
                return -1;
            }
        }
        int count = Math.min(length, current.length - offset);
        System.arraycopy(current, offset, buffer, from, count);
        offset += count;
        return count;
    }

    /** Ends the input after what was written. */
    void end() throws InterruptedException {
        if (!ended) {
            ended = true;
            chunks.put(END);
        }
    }

    /** Ends the input whatever was not sent yet, and waits a moment for the transport to notice. */
    void abandon() throws InterruptedException {
        ended = true;
        chunks.clear();
        boolean ignored = chunks.offer(END);
        @Nullable Thread thread = reader;
        if (thread != null) {
            thread.join(Duration.ofMillis(200));
        }
    }

    private void put(byte[] chunk) throws IOException {
        try {
            chunks.put(chunk);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private final class Sink extends OutputStream {

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] data, int from, int length) throws IOException {
            if (ended) {
                throw new IOException("the program's input is closed");
            }
            if (length > 0) {
                put(Arrays.copyOfRange(data, from, from + length));
            }
        }

        @Override
        public void close() throws IOException {
            try {
                end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }
}
