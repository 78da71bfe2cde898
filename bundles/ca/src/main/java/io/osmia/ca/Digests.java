package io.osmia.ca;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of what the cluster pins. */
final class Digests {

    static final int SHA256_BYTES = 32;

    private Digests() {}

    static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** {@code sha256:<hex>} as in cluster.root_ca.ca_cert_hash (rule 7.2.3). */
    static String named(byte[] data) {
        return "sha256:" + HexFormat.of().formatHex(sha256(data));
    }
}
