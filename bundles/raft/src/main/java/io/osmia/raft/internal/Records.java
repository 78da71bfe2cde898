package io.osmia.raft.internal;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.osmia.wire.osmia.LogEntry;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * What precedes each payload in the log and in snapshots: the version of the key it is sealed with, four bytes big-endian. 0
 * is not sealed; nothing else is written yet, and nothing else is read.
 */
public final class Records {

    /** Layout of {@link LogEntry} that this version writes. */
    public static final int ENTRY_FORMAT = 1;

    private static final int NOT_SEALED = 0;
    private static final int HEADER_BYTES = 4;
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

    public static LogEntry decode(ByteBuffer record) throws IOException {
        requireKnown(record.duplicate());
        return LogEntry.parseFrom(record.slice(HEADER_BYTES, record.remaining() - HEADER_BYTES));
    }

    /** Only looks whether {@link #decode} would know key and format; cheap. */
    public static void requireKnown(ByteBuffer record) throws IOException {
        if (record.remaining() < HEADER_BYTES) {
            throw new IOException("a record of " + record.remaining() + " bytes has no key version");
        }
        requireNotSealed(record.getInt());
        CodedInputStream fields = CodedInputStream.newInstance(record);
        int format = fields.readTag() == FORMAT_TAG ? fields.readUInt32() : 0;
        if (format < 1 || format > ENTRY_FORMAT) {
            throw new IOException(
                    "a log entry is of format " + format + ", this version of osmia knows formats up to "
                            + ENTRY_FORMAT);
        }
    }

    public static void writeSnapshotHeader(OutputStream out) throws IOException {
        new DataOutputStream(out).writeInt(NOT_SEALED);
    }

    public static void readSnapshotHeader(InputStream in) throws IOException {
        requireNotSealed(new DataInputStream(in).readInt());
    }

    private static void requireNotSealed(int keyVersion) throws IOException {
        if (keyVersion != NOT_SEALED) {
            throw new IOException("sealed with key version " + Integer.toUnsignedString(keyVersion)
                    + ", which this node does not have");
        }
    }
}
