package io.osmia.wire;

import java.math.BigInteger;

/** Form of object ids (rule 1.1.1). */
public final class ObjectIds {

    /** How many random bytes an id is made of. */
    public static final int BYTES = 17;

    /** How many characters of 0-9a-z an id has. */
    public static final int LENGTH = 25;

    private static final int TOP_BIT = 0x80;

    private ObjectIds() {}

    /**
     * The id for these random bytes; the same bytes give the same id.
     *
     * @param random 17 bytes; not changed
     */
    public static String of(byte[] random) {
        if (random.length != BYTES) {
            throw new IllegalArgumentException("an id is made of " + BYTES + " bytes, not " + random.length);
        }
        byte[] bytes = random.clone();
        // so that the number has 26 digits whatever the rest; the first of them says little and is dropped
        bytes[0] |= (byte) TOP_BIT;
        return new BigInteger(1, bytes).toString(Character.MAX_RADIX).substring(1, 1 + LENGTH);
    }
}
