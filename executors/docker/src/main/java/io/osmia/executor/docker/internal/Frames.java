package io.osmia.executor.docker.internal;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The engine's way to send two streams over one: each frame has a header of 8 bytes (rule 6.15.11). */
final class Frames {

    private static final int STDERR = 2;
    private static final int LARGEST = 16 << 20;

    private final DataInputStream in;

    Frames(InputStream in) {
        this.in = new DataInputStream(in);
    }

    /** A piece of one stream. */
    record Frame(boolean stderr, byte[] data) {}

    /** The next one; empty at the end. */
    Optional<Frame> next() throws IOException {
        int stream = in.read();
        if (stream < 0) {
            return Optional.empty();
        }
        in.skipNBytes(3);
        int length = in.readInt();
        if (length < 0 || length > LARGEST) {
            throw new IOException("a frame of " + length + " bytes");
        }
        byte[] data = in.readNBytes(length);
        if (data.length < length) {
            throw new EOFException("the stream ended within a frame");
        }
        return Optional.of(new Frame(stream == STDERR, data));
    }
}
