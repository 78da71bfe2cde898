package io.osmia.ca;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a new node shows to join (rule 7.4): binds it to the cluster's root and to a role. The server compares the
 * whole text.
 *
 * @param version 1, or 2 for clusters that know of FIPS
 * @param fips whether nodes must run in FIPS mode; always false in version 1
 * @param rootDigest SHA-256 of the root's PEM bundle, 64 hex digits; longer when the token is forged
 * @param secret 25 characters of base 36
 */
public record JoinToken(int version, boolean fips, String rootDigest, String secret) {

    private static final String PREFIX = "SWMTKN";
    private static final int RADIX = 36;
    private static final int DIGEST_LENGTH = 50;
    private static final int SECRET_LENGTH = 25;
    private static final int SECRET_BYTES = 16;

    /** A version 1 token for a root. */
    public static JoinToken of(RootCa root, byte[] secret) {
        return of(root.certificatePem(), secret);
    }

    /**
     * A version 1 token for the root with these PEM bytes.
     *
     * @param secret 16 random bytes
     */
    public static JoinToken of(byte[] rootPem, byte[] secret) {
        if (secret.length != SECRET_BYTES) {
            throw new IllegalArgumentException("the secret of a join token has 16 bytes, not " + secret.length);
        }
        return new JoinToken(1, false, HexFormat.of().formatHex(Digests.sha256(rootPem)),
                padded(secret, SECRET_LENGTH));
    }

    /**
     * A version 1 token with a new secret.
     *
     * @param rootPem bundle of the root
     * @param random must be fit for secrets
     */
    public static JoinToken fresh(byte[] rootPem, RandomGenerator random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return of(rootPem, secret);
    }

    /** The same token in the form of FIPS clusters (rule 7.4.2). */
    public JoinToken mandatoryFips() {
        return new JoinToken(2, true, rootDigest, secret);
    }

    /**
     * Takes a token apart (rule 7.4.3). Characters outside of base 36 lead to a digest that matches no root.
     *
     * @throws CaException {@code invalid join token}
     */
    public static JoinToken parse(String text) {
        List<String> parts = List.of(text.split("-", -1));
        return switch (String.join("-", parts.subList(0, Math.min(2, parts.size())))) {
            case PREFIX + "-1" -> parse(parts, 1, 4);
            case PREFIX + "-2" -> parse(parts, 2, 5);
            default -> throw invalid();
        };
    }

    private static JoinToken parse(List<String> parts, int version, int count) {
        if (parts.size() != count || (version == 2 && !parts.get(2).matches("[01]"))) {
            throw invalid();
        }
        String digest = parts.get(count - 2);
        String secret = parts.get(count - 1);
        if (digest.length() != DIGEST_LENGTH || secret.length() != SECRET_LENGTH) {
            throw invalid();
        }
        return new JoinToken(version, version == 2 && parts.get(2).equals("1"), hex(digest), secret);
    }

    private static String hex(String digest) {
        BigInteger value = BigInteger.ZERO;
        try {
            value = new BigInteger(digest, RADIX);
        } catch (NumberFormatException notBase36) {
            return "0".repeat(2 * Digests.SHA256_BYTES);
        }
        String hex = value.toString(16);
        return "0".repeat(Math.max(0, 2 * Digests.SHA256_BYTES - hex.length())) + hex;
    }

    private static CaException invalid() {
        return new CaException("invalid join token");
    }

    private static String padded(byte[] unsigned, int length) {
        String digits = new BigInteger(1, unsigned).toString(RADIX);
        return "0".repeat(length - digits.length()) + digits;
    }

    /** The token as users copy it. */
    @Override
    public String toString() {
        String digits = new BigInteger(rootDigest, 16).toString(RADIX);
        String digest = "0".repeat(Math.max(0, DIGEST_LENGTH - digits.length())) + digits;
        String form = version == 2 ? "2-" + (fips ? "1" : "0") : "1";
        return PREFIX + "-" + form + "-" + digest + "-" + secret;
    }
}
