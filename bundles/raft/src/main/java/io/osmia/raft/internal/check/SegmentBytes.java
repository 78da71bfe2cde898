package io.osmia.raft.internal.check;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one of Ratis's log segments: eight bytes of header, then records of {varint length, entry, CRC-32C of both},
 * then zeros as far as the file was preallocated.
 */
public final class SegmentBytes {

    /** No entry is longer: Ratis is configured to refuse more. */
    static final int MAX_ENTRY_BYTES = 4 << 20;

    static final int CHECKSUM_BYTES = 4;

    /** None is shorter: each has a term and a body, both of two bytes at least. */
    private static final int MIN_ENTRY_BYTES = 4;

    /** The file ends before the record has said how long it is. */
    private static final int BEHIND_THE_END = Integer.MAX_VALUE;

    /** Each entry begins with its term; looked at first because a checksum over a wrong length is dear. */
    private static final byte TERM_TAG = 8;

    private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;
    private final int lastData;

    public SegmentBytes(byte[] bytes) {
        this.bytes = bytes;
        this.lastData = lastData(bytes);
    }

    private static int lastData(byte[] bytes) {
        int at = bytes.length - 1;
        while (at >= 0 && bytes[at] == 0) {
            at--;
        }
        return at;
    }

    public static int headerLength() {
        return HEADER.length;
    }

    int length() {
        return bytes.length;
    }

    /** Position of the last byte that is not zero; -1 when all are. */
    int lastData() {
        return lastData;
    }

    public boolean hasHeader() {
        return bytes.length >= HEADER.length && Arrays.equals(bytes, 0, HEADER.length, HEADER, 0, HEADER.length);
    }

    /** Whether the file ends within the header: the crash came right after it was made. */
    boolean headerIsTorn() {
        int matched = 0;
        while (matched < Math.min(bytes.length, HEADER.length) && bytes[matched] == HEADER[matched]) {
            matched++;
        }
        return matched < HEADER.length && lastData < matched;
    }

    /** Whether nothing but zeros, or nothing at all, is left. */
    public boolean endsAt(int offset) {
        return lastData < offset;
    }

    /** Where the record says that it ends; -1 when it says nothing sensible. May lie behind the file's end. */
    public int claimedEnd(int offset) {
        int length = 0;
        for (int i = 0; i < 4 && offset + i < bytes.length; i++) {
            int next = bytes[offset + i];
            length |= (next & 0x7f) << (7 * i);
            if (next >= 0) {
                // Nobody writes a length that ends with a zero byte: what lies in the next sector is not written.
                boolean whole = i == 0 || next != 0;
                return !whole || length < MIN_ENTRY_BYTES || length > MAX_ENTRY_BYTES ? -1
                        : offset + i + 1 + length + CHECKSUM_BYTES;
            }
        }
        return offset + 4 > bytes.length ? BEHIND_THE_END : -1;
    }

    /** Behind the byte that ends the length of the record; the rest of the length may lie in a sector that was never written. */
    int lengthEnd(int offset) {
        int at = offset;
        while (at < bytes.length && bytes[at] < 0) {
            at++;
        }
        return Math.min(at + 1, bytes.length);
    }

    /** The record's entry, or null when there is no intact record. */
    public @Nullable LogEntryProto entryAt(int offset) {
        int end = claimedEnd(offset);
        if (end < 0 || end > bytes.length) {
            return null;
        }
        int start = offset;
        while (bytes[start] < 0) {
            start++;
        }
        start++;
        if (bytes[start] != TERM_TAG || !checksumFits(offset, end)) {
            return null;
        }
        try {
            return LogEntryProto.parseFrom(CodedInputStream.newInstance(bytes, start, end - CHECKSUM_BYTES - start));
        } catch (IOException e) {
            return null;
        }
    }

    private boolean checksumFits(int offset, int end) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, end - CHECKSUM_BYTES - offset);
        return (int) crc.getValue() == ByteBuffer.wrap(bytes).getInt(end - CHECKSUM_BYTES);
    }

    /** Whether a record that begins here would be intact if its length were the one that makes it end there. */
    boolean intactWithLengthUpTo(int offset, int end) {
        for (int varint = 1; varint <= 4; varint++) {
            int length = end - CHECKSUM_BYTES - offset - varint;
            if (length <= 0 || end > bytes.length) {
                return false;
            }
            byte[] prefix = varint(length);
            if (prefix.length == varint && checksumFits(prefix, offset + varint, end)) {
                return true;
            }
        }
        return false;
    }

    private boolean checksumFits(byte[] prefix, int start, int end) {
        CRC32C crc = new CRC32C();
        crc.update(prefix);
        crc.update(bytes, start, end - CHECKSUM_BYTES - start);
        return (int) crc.getValue() == ByteBuffer.wrap(bytes).getInt(end - CHECKSUM_BYTES);
    }

    /** A segment that holds these entries and nothing else. */
    public static byte[] of(List<LogEntryProto> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(HEADER);
        for (LogEntryProto entry : entries) {
            byte[] length = varint(entry.getSerializedSize());
            byte[] content = entry.toByteArray();
            CRC32C crc = new CRC32C();
            crc.update(length);
            crc.update(content);
            out.writeBytes(length);
            out.writeBytes(content);
            out.writeBytes(ByteBuffer.allocate(CHECKSUM_BYTES)
                    .putInt((int) crc.getValue())
                    .array());
        }
        return out.toByteArray();
    }

    private static byte[] varint(int value) {
        byte[] out = new byte[5];
        int n = 0;
        int rest = value;
        while (rest > 0x7f) {
            out[n++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out[n++] = (byte) rest;
        return Arrays.copyOf(out, n);
    }

    /** Whether all bytes of a range are zero. */
    boolean zeros(int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
