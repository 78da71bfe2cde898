package io.osmia.itests.input;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/** As much of HTTP/2 as it takes to get it wrong. */
final class Http2 {

    static final int SETTINGS = 4;
    static final int GOAWAY = 7;
    static final int HEADERS = 1;

    static final int PROTOCOL_ERROR = 1;
    static final int FRAME_SIZE_ERROR = 6;

    private static final int FRAME_HEADER_BYTES = 9;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Http2() {}

    /** The preface and empty settings, then the header of one frame and as much of its payload as is given. */
    static byte[] connectionWith(int type, int stream, int claimedLength, byte[] payload) {
        ByteBuffer bytes = ByteBuffer.allocate(PREFACE.length + 2 * FRAME_HEADER_BYTES + payload.length);
        bytes.put(PREFACE);
        putHeader(bytes, SETTINGS, 0, 0);
        putHeader(bytes, type, stream, claimedLength);
        bytes.put(payload);
        return bytes.array();
    }

    private static void putHeader(ByteBuffer bytes, int type, int stream, int length) {
        bytes.put((byte) (length >> 16)).putShort((short) length);
        bytes.put((byte) type).put((byte) 0).putInt(stream);
    }

    /** The error code of the GOAWAY frame in an answer. */
    static OptionalInt goAway(byte[] answer) {
        ByteBuffer bytes = ByteBuffer.wrap(answer);
        while (bytes.remaining() >= FRAME_HEADER_BYTES) {
            int length = (bytes.get() & 0xff) << 16 | bytes.getShort() & 0xffff;
            int type = bytes.get();
            bytes.position(bytes.position() + 5);
            if (type == GOAWAY) {
                return OptionalInt.of(bytes.getInt(bytes.position() + 4));
            }
            bytes.position(Math.min(bytes.limit(), bytes.position() + length));
        }
        return OptionalInt.empty();
    }
}
