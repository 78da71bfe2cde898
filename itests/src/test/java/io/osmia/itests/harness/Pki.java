package io.osmia.itests.harness;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Keys, requests and certificates that a test makes itself, good ones and bad ones. */
public final class Pki {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Pki() {}

    /** A root that a test has the key of. */
    public record Root(KeyPair keys, X509Certificate certificate) {

        public static Root named(String name) {
            KeyPair keys = p256();
            X500Name subject = new X500Name("CN=" + name);
            try {
                X509v3CertificateBuilder builder = builder(
                        subject, subject, keys.getPublic(), Instant.now().minus(Duration.ofHours(1)),
                        Duration.ofDays(7_300));
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
                builder.addExtension(
                        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
                return new Root(keys, signed(builder, keys));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** A node's certificate, as rule 7.3 wants it, with whatever times. */
        public X509Certificate issue(
                X500Name subject, PublicKey of, Instant begin, Duration lifetime, String... names) {
            try {
                X500Name issuer = new X500Name(
                        certificate.getSubjectX500Principal().getName());
                X509v3CertificateBuilder builder = builder(issuer, subject, of, begin, lifetime);
                GeneralName[] all = Arrays.stream(names).map(Pki::name).toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
                builder.addExtension(
                        Extension.keyUsage,
                        true,
                        new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
                builder.addExtension(
                        Extension.extendedKeyUsage,
                        false,
                        new ExtendedKeyUsage(
                                new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
                return signed(builder, keys);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public static KeyPair p256() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits, RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A certificate signing request as PEM. */
    public static String request(KeyPair keys) {
        return pem(new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=anything"), keys.getPublic())
                .build(signer(keys)));
    }

    /** PEM of a certificate, a key, or a request. A key is written as PKCS#8. */
    public static String pem(Object one) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(one instanceof KeyPair pair ? new JcaPKCS8Generator(pair.getPrivate(), null) : one);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static GeneralName name(String name) {
        boolean address = name.chars().allMatch(c -> c == '.' || Character.isDigit(c));
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey of, Instant begin, Duration lifetime) {
        return new X509v3CertificateBuilder(
                issuer,
                new BigInteger(120, RANDOM),
                Date.from(begin),
                Date.from(begin.plus(lifetime)),
                subject,
                SubjectPublicKeyInfo.getInstance(of.getEncoded()));
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, KeyPair by) {
        try {
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer(by)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ContentSigner signer(KeyPair keys) {
        String algorithm = keys.getPublic().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            return new JcaContentSignerBuilder(algorithm).build(keys.getPrivate());
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }
}
