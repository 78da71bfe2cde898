package io.osmia.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Form of object ids (rule 1.1.1). */
public final class ObjectIds {

    /** How many random bytes an id is made of. */
    public static final int BYTES = 17;

    /** How many characters of 0-9a-z an id has. */
    public static final int LENGTH = 25;

    private static final int TOP_BIT = 0x80;

    /** Digits by one long division, and their weight: 36 to the power of it. */
    private static final int AT_ONCE = 5;

    private static final int WEIGHT = 60_466_176;

    /** Digits that are worked out; the number has 27, of which those from the second to the 26th are the id. */
    private static final int WRITTEN = 30;

    private static final int FIRST = 4;

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
        ByteBuffer words = ByteBuffer.wrap(random, 1, BYTES - 1);
        // the top bit, so that the number has as many digits whatever the rest; the first of them says little and is dropped
        int[] number = {(random[0] & 0xFF) | TOP_BIT, words.getInt(), words.getInt(), words.getInt(), words.getInt()};
        byte[] digits = new byte[WRITTEN];
        for (int end = WRITTEN; end > 0; end -= AT_ONCE) {
            int rest = divide(number);
            for (int at = end - 1; at >= end - AT_ONCE; at--) {
                digits[at] = (byte) Character.forDigit(rest % Character.MAX_RADIX, Character.MAX_RADIX);
                rest /= Character.MAX_RADIX;
            }
        }
        return new String(digits, FIRST, LENGTH, StandardCharsets.ISO_8859_1);
    }

    /** Divides by the weight of the digits that are written at once; gives what remains. */
    private static int divide(int[] number) {
        long rest = 0;
        for (int i = 0; i < number.length; i++) {
            long part = (rest << Integer.SIZE) | Integer.toUnsignedLong(number[i]);
            number[i] = (int) (part / WEIGHT);
            rest = part % WEIGHT;
        }
        return (int) rest;
    }
}
