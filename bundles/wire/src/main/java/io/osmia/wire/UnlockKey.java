package io.osmia.wire;

import java.util.Base64;

/** The key that unlocks a manager, as users see it (rule 7.12.3). */
public final class UnlockKey {

    /** Length of the key. */
    public static final int BYTES = 32;

    private static final String PREFIX = "SWMKEY-1-";

    private UnlockKey() {}

    /**
     * The text to keep for {@link #parse}.
     *
     * @throws IllegalArgumentException when the key does not have 32 bytes
     */
    public static String format(byte[] key) {
        if (key.length != BYTES) {
            throw new IllegalArgumentException("an unlock key has " + BYTES + " bytes, not " + key.length);
        }
        return PREFIX + Base64.getEncoder().withoutPadding().encodeToString(key);
    }

    /**
     * The key's 32 bytes.
     *
     * @throws IllegalArgumentException {@code invalid key string}
     */
    public static byte[] parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw invalid();
        }
        byte[] key;
        try {
            key = Base64.getDecoder().decode(text.substring(PREFIX.length()));
        } catch (IllegalArgumentException notBase64) {
            throw invalid();
        }
        if (key.length != BYTES || !format(key).equals(text)) {
            throw invalid();
        }
        return key;
    }

    private static IllegalArgumentException invalid() {
        return new IllegalArgumentException("invalid key string");
    }
}
