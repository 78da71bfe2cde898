package io.osmia.ca.internal;

import io.osmia.ca.CaException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What a node proves itself with and whom it trusts; one consistent set.
 *
 * @param rootPem the trust bundle, byte for byte
 * @param roots the same, parsed
 * @param chain the node's certificate, then its intermediates
 * @param key belongs to the first of the chain
 */
public record Identity(byte[] rootPem, List<X509Certificate> roots, List<X509Certificate> chain, PrivateKey key) {

    public Identity {
        roots = List.copyOf(roots);
        chain = List.copyOf(chain);
    }

    public Subject subject() {
        return Subject.of(chain.getFirst());
    }

    /**
     * Checks what someone else has issued (rule 7.5.5).
     *
     * @throws UnknownAuthorityException when no trusted root has signed it
     * @throws CaException naming any other fault
     */
    public void check(Instant now) {
        if (chain.isEmpty()) {
            throw new CaException("no certificates to validate");
        }
        if (!Certificates.match(chain.getFirst().getPublicKey(), key)) {
            throw new CaException("certificate key mismatch");
        }
        subject().requireNode();
        Chain.check(chain, roots, now);
    }

    /** The certificate whose key signed the node's own. */
    public X509Certificate issuer() {
        if (chain.size() > 1) {
            return chain.get(1);
        }
        return roots.stream()
                .filter(root -> Certificates.isSignedBy(chain.getFirst(), root))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("checked when it was loaded"));
    }
}
