package io.osmia.ca.internal;

import io.osmia.ca.CaException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Set;

/** Which roots and signing keys a cluster may have (rule 7.2.2). */
public final class RootRules {

    private static final Set<String> SIGNATURES = Set.of(
            "SHA256withRSA", "SHA384withRSA", "SHA512withRSA", "SHA256withECDSA", "SHA384withECDSA", "SHA512withECDSA");
    private static final Set<Integer> CURVES = Set.of(256, 384, 521);
    static final int LEAST_RSA_BITS = 2048;

    private RootRules() {}

    /** The certificates of a root bundle, each of which must verify against itself. */
    public static List<X509Certificate> parse(byte[] bundle) {
        List<X509Certificate> roots;
        try {
            roots = Certificates.parse(bundle);
        } catch (CaException e) {
            throw new CaException("invalid root certificates", e);
        }
        if (roots.isEmpty()) {
            throw new CaException("no valid root CA certificates found");
        }
        roots.forEach(RootRules::checkRoot);
        return roots;
    }

    private static void checkRoot(X509Certificate root) {
        if (!SIGNATURES.contains(root.getSigAlgName())) {
            throw new CaException("unsupported signature algorithm: " + root.getSigAlgName());
        }
        if (!Certificates.isSignedBy(root, root)) {
            throw new CaException("error while validating Root CA Certificate");
        }
    }

    /** A key that may sign certificates on behalf of a root. */
    public static void checkSigner(X509Certificate root, PrivateKey key) {
        PublicKey publicKey = root.getPublicKey();
        if (publicKey instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
            throw new CaException("unsupported RSA key parameters");
        }
        if (publicKey instanceof ECPublicKey ec
                && !CURVES.contains(ec.getParams().getCurve().getField().getFieldSize())) {
            throw new CaException("unsupported ECDSA key parameters");
        }
        if (!Certificates.match(publicKey, key)) {
            throw new CaException("certificate key mismatch");
        }
    }
}
