package io.osmia.raft.internal;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.osmia.wire.osmia.LogEntry;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * What precedes each payload in the log and in snapshots: the version of the key it is sealed with, four bytes big-endian; 0 is
 * not sealed. What can be said of a record without its key; the rest is in {@link io.osmia.raft.internal.seal.Sealer}.
 */
public final class Records {

    /** Layout of {@link LogEntry} that this version writes. */
    public static final int ENTRY_FORMAT = 1;

    private static final int NOT_SEALED = 0;
    public static final int HEADER_BYTES = 4;

    /** A nonce and a tag. */
    private static final int SEAL_BYTES = 28;

    private static final int FORMAT_TAG = 8;

    private Records() {}

    public static byte[] encode(LogEntry entry) {
        byte[] bytes = new byte[HEADER_BYTES + entry.getSerializedSize()];
        ByteBuffer.wrap(bytes).putInt(NOT_SEALED);
        try {
            entry.writeTo(CodedOutputStream.newInstance(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES));
        } catch (IOException e) {
            throw new IllegalStateException("an array has no room for its own size", e);
        }
        return bytes;
    }

    /** What a record in clear text holds. */
    public static LogEntry decode(ByteBuffer record) throws IOException {
        requireKnown(record.duplicate(), false);
        return decodePayload(record.slice(record.position() + HEADER_BYTES, record.remaining() - HEADER_BYTES));
    }

    /** What stands behind the key version, opened. */
    public static LogEntry decodePayload(ByteBuffer payload) throws IOException {
        requireFormat(payload.duplicate());
        return LogEntry.parseFrom(payload);
    }

    /** The key that a record is sealed with; 0 when it is not. */
    public static int keyVersion(ByteBuffer record) throws IOException {
        if (record.remaining() < HEADER_BYTES) {
            throw new IOException("a record of " + record.remaining() + " bytes has no key version");
        }
        return record.getInt(record.position());
    }

    /**
     * Only looks whether key and format are known, the format only of what is not sealed; cheap.
     *
     * @param sealed whether this node has log keys, so that a sealed record is no surprise
     */
    public static void requireKnown(ByteBuffer record, boolean sealed) throws IOException {
        int version = keyVersion(record);
        record.position(record.position() + HEADER_BYTES);
        if (version == NOT_SEALED) {
            requireFormat(record);
        } else {
            requireSealed(version, sealed);
            if (record.remaining() < SEAL_BYTES) {
                throw new IOException("a sealed record of " + record.remaining() + " bytes is too short");
            }
        }
    }

    private static void requireFormat(ByteBuffer payload) throws IOException {
        CodedInputStream fields = CodedInputStream.newInstance(payload);
        int format = fields.readTag() == FORMAT_TAG ? fields.readUInt32() : 0;
        if (format < 1 || format > ENTRY_FORMAT) {
            throw new IOException(
                    "a log entry is of format " + format + ", this version of osmia knows formats up to "
                            + ENTRY_FORMAT);
        }
    }

    /** @param sealed as for a record */
    public static int snapshotKeyVersion(InputStream in, boolean sealed) throws IOException {
        int version = new DataInputStream(in).readInt();
        if (version != NOT_SEALED) {
            requireSealed(version, sealed);
        }
        return version;
    }

    private static void requireSealed(int version, boolean sealed) throws IOException {
        if (!sealed || version < 0) {
            throw new IOException(notHeld(version));
        }
    }

    public static String notHeld(int version) {
        return "sealed with key version " + Integer.toUnsignedString(version) + ", which this node does not have";
    }
}
