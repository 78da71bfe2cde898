package io.osmia.ca;

import java.security.SecureRandom;
import java.util.Optional;

/**
 * A root with the join tokens of the cluster it may found.
 *
 * @param root with its key when this node may found the cluster
 * @param chainPem the node's own certificate
 * @param workerToken empty without a key
 * @param managerToken empty without a key
 * @param unlockKey what the key file is encrypted with
 */
record Founding(
        RootCa root, byte[] chainPem, String workerToken, String managerToken, Optional<byte[]> unlockKey) {

    private static final SecureRandom RANDOM = new SecureRandom();

    Founding(RootCa root, byte[] chainPem, Optional<byte[]> unlockKey) {
        this(root, chainPem, token(root), token(root), unlockKey);
    }

    private static String token(RootCa root) {
        if (!root.canSign()) {
            return "";
        }
        byte[] secret = new byte[16];
        RANDOM.nextBytes(secret);
        return JoinToken.of(root, secret).toString();
    }
}
