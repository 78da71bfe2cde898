package io.osmia.control.internal.calls;

import java.math.BigInteger;
import java.util.random.RandomGenerator;

/** Makes join tokens with a new secret (rules 7.4.1 and 7.4.4). */
public final class JoinTokenSource {

    private static final int SECRET_BYTES = 16;
    private static final int SECRET_LENGTH = 25;
    private static final int BASE = 36;

    private final RandomGenerator random;

    /** @param random must be fit for secrets */
    public JoinTokenSource(RandomGenerator random) {
        this.random = random;
    }

    /** A token that is like the given one but for its secret, which is the last part. */
    String successor(String token) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String digits = new BigInteger(1, secret).toString(BASE);
        return token.substring(0, token.lastIndexOf('-') + 1) + "0".repeat(SECRET_LENGTH - digits.length()) + digits;
    }
}
