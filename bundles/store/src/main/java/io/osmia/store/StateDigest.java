package io.osmia.store;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What the objects of a state add up to: the sum, modulo 2^128, of the first 16 bytes of the SHA-256 of each object's table
 * number and deterministic bytes. Follows a change at the cost of the objects that change. Tells copies apart that went
 * astray; it is no proof against one who picks the objects.
 *
 * @param high upper 64 bits
 * @param low lower 64 bits
 */
public record StateDigest(long high, long low) {

    /** Of the state without objects. */
    public static final StateDigest EMPTY = new StateDigest(0, 0);

    private static final int BYTES = 16;

    /** Of a state, by a pass over all objects. */
    public static StateDigest of(View view) {
        MessageDigest sha = sha256();
        StateDigest sum = EMPTY;
        for (Table<?> table : Table.ALL) {
            for (Message object : view.find(table, By.ALL)) {
                sum = sum.plus(hash(sha, table, object));
            }
        }
        return sum;
    }

    /** As {@link #bytes} gave it. */
    public static StateDigest of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a digest of a state has " + BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new StateDigest(in.getLong(), in.getLong());
    }

    /** Of the state that the changes lead to from the one that this is of. */
    public StateDigest after(List<Change<?>> changes) {
        MessageDigest sha = sha256();
        StateDigest sum = this;
        for (Change<?> change : changes) {
            Message former = change.kind() == Change.Kind.REMOVE ? change.object() : change.former();
            if (former != null) {
                sum = sum.minus(hash(sha, change.table(), former));
            }
            if (change.kind() != Change.Kind.REMOVE) {
                sum = sum.plus(hash(sha, change.table(), change.object()));
            }
        }
        return sum;
    }

    private StateDigest plus(StateDigest other) {
        long sum = low + other.low;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        return new StateDigest(high + other.high + carry, sum);
    }

    private StateDigest minus(StateDigest other) {
        long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
        return new StateDigest(high - other.high - borrow, low - other.low);
    }

    private static StateDigest hash(MessageDigest sha, Table<?> table, Message object) {
        byte[] bytes = new byte[object.getSerializedSize() + 1];
        bytes[0] = (byte) table.number();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes, 1, bytes.length - 1);
        out.useDeterministicSerialization();
        try {
            object.writeTo(out);
        } catch (IOException e) {
            throw new IllegalStateException("an array has no room for its own size", e);
        }
        ByteBuffer hash = ByteBuffer.wrap(sha.digest(bytes));
        return new StateDigest(hash.getLong(), hash.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a JDK without SHA-256", e);
        }
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    /** 32 digits. */
    public String hex() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
