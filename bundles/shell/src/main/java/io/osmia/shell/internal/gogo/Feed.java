package io.osmia.shell.internal.gogo;

import com.google.protobuf.ByteString;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.LinkedBlockingQueue;

/** What the other side of a call sends, as a stream. The next part is asked for when one is used up. */
final class Feed extends InputStream {

    private static final ByteString END = ByteString.copyFromUtf8("end"); // by identity

    private final LinkedBlockingQueue<ByteString> parts = new LinkedBlockingQueue<>();
    private final Runnable more;
    private ByteString current = ByteString.EMPTY;
    private int at;

    Feed(Runnable more) {
        this.more = more;
    }

    void add(ByteString part) {
        parts.add(part);
    }

    void end() {
        parts.add(END);
    }

    @Override
    public int read() throws InterruptedIOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws InterruptedIOException {
        while (at == current.size()) {
            if (!advance()) {
                return -1;
            }
        }
        int count = Math.min(length, current.size() - at);
        current.copyTo(into, at, offset, count);
        at += count;
        return count;
    }

    @SuppressWarnings("ReferenceEquality") // the end may look like a part
    private boolean advance() throws InterruptedIOException {
        try {
            ByteString next = parts.take();
            if (next == END) {
                parts.add(END); // for the next one who asks
                return false;
            }
            current = next;
            at = 0;
            more.run();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
