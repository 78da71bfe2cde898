package io.osmia.ca.internal;

import io.osmia.ca.CaException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** X.509 certificates and keys with the means of the JDK alone. */
public final class Certificates {

    private Certificates() {}

    /**
     * The certificates of a PEM bundle, in order; headers and surroundings are dropped (rule 7.3.4).
     *
     * @throws CaException when a block is no certificate
     */
    public static List<X509Certificate> parse(byte[] bundle) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<X509Certificate> certificates = new ArrayList<>();
            for (Pem block : Pem.parse(bundle)) {
                if (!block.type().equals(Pem.CERTIFICATE)) {
                    throw new CaException("not a certificate but a " + block.type());
                }
                certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
            }
            return List.copyOf(certificates);
        } catch (CertificateException | IllegalArgumentException e) {
            throw new CaException("not a certificate: " + e.getMessage(), e);
        }
    }

    public static byte[] pem(List<X509Certificate> certificates) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (X509Certificate certificate : certificates) {
            try {
                bundle.writeBytes(new Pem(Pem.CERTIFICATE, certificate.getEncoded()).encode());
            } catch (CertificateEncodingException e) {
                throw new CaException("certificate without encoding: " + certificate.getSubjectX500Principal(), e);
            }
        }
        return bundle.toByteArray();
    }

    /** Whether the key belongs to the certificate: what it signs, the certificate's key verifies. */
    public static boolean match(PublicKey publicKey, PrivateKey privateKey) {
        String algorithm =
                switch (privateKey.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> "";
                };
        if (algorithm.isEmpty() || !publicKey.getAlgorithm().equals(privateKey.getAlgorithm())) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(algorithm);
            byte[] probe = {1};
            signature.initSign(privateKey);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException notForThisKey) {
            return false;
        }
    }

    /** Whether a certificate was signed by the holder of another one. */
    public static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException notItsSignature) {
            return false;
        }
    }
}
