package io.osmia.ca.internal;

import io.osmia.ca.CaException;
import java.io.IOException;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Which keys get a certificate: those that a root may have too (rule 7.2.2). */
final class RequestedKeys {

    private static final Set<ASN1ObjectIdentifier> CURVES = Set.of(
            SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1, SECObjectIdentifiers.secp521r1);

    /** More than this costs the leader too much to verify. */
    private static final int MOST_RSA_BITS = 8192;

    private RequestedKeys() {}

    /** @throws CaException saying what the key is and what is needed */
    static void check(SubjectPublicKeyInfo key) throws IOException {
        ASN1ObjectIdentifier algorithm = key.getAlgorithm().getAlgorithm();
        if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            int bits = RSAPublicKey.getInstance(key.parsePublicKey())
                    .getModulus()
                    .bitLength();
            if (bits < RootRules.LEAST_RSA_BITS || bits > MOST_RSA_BITS) {
                throw new CaException("the RSA key of the signing request has " + bits + " bits; at least "
                        + RootRules.LEAST_RSA_BITS + " and at most " + MOST_RSA_BITS + " are needed");
            }
        } else if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            if (!(key.getAlgorithm().getParameters() instanceof ASN1ObjectIdentifier curve && CURVES.contains(curve))) {
                throw new CaException("the ECDSA key of the signing request is on the curve "
                        + key.getAlgorithm().getParameters() + "; P-256, P-384 or P-521 is needed");
            }
        } else {
            throw new CaException("the key of the signing request is of the kind " + algorithm
                    + "; ECDSA or RSA is needed");
        }
    }
}
