package io.osmia.ca.internal;

import io.osmia.ca.CaException;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * Makes and signs certificates. All use of Bouncy Castle is here, so that a node that only loads its own never needs
 * it.
 */
public final class Issuer {

    private static final Duration ROOT_VALIDITY = Duration.ofSeconds(630_720_000);
    private static final Duration ROOT_BACKDATE = Duration.ofMinutes(5);
    private static final Duration LEAF_BACKDATE = Duration.ofHours(1);
    private static final int SERIAL_BITS = 159;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Issuer() {}

    /** A self-signed root (rule 7.2.1). */
    public static X509Certificate root(KeyPair pair, String commonName, Instant now) {
        X500Name name = new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
        Instant from = now.truncatedTo(ChronoUnit.SECONDS).minus(ROOT_BACKDATE);
        X509v3CertificateBuilder root = new JcaX509v3CertificateBuilder(
                name, serial(), Date.from(from), Date.from(from.plus(ROOT_VALIDITY)), name, pair.getPublic());
        try {
            root.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            root.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            root.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
        } catch (CertIOException | GeneralSecurityException e) {
            throw new IllegalStateException("extensions of a root certificate", e);
        }
        return sign(root, pair.getPrivate());
    }

    /** A node certificate (rules 7.3.2, 7.3.3): of the request only the key counts. It ends with its issuer at the latest. */
    public static X509Certificate leaf(
            X509Certificate issuer, PrivateKey issuerKey, PublicKey key, Subject subject, Duration expiry,
            Instant now) {
        Instant from = now.plusSeconds(30).truncatedTo(ChronoUnit.MINUTES).minus(LEAF_BACKDATE);
        Instant wanted = from.plus(LEAF_BACKDATE).plus(expiry);
        Instant last = issuer.getNotAfter().toInstant();
        Instant until = wanted.isBefore(last) ? wanted : last;
        X509v3CertificateBuilder leaf = new JcaX509v3CertificateBuilder(
                subjectOf(issuer), serial(), Date.from(from), Date.from(until), name(subject), key);
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            leaf.addExtension(Extension.keyUsage, true,
                    new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
            leaf.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            leaf.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            leaf.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
            leaf.addExtension(Extension.authorityKeyIdentifier, false,
                    identifiers.createAuthorityKeyIdentifier(issuer));
            leaf.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives(subject)));
        } catch (CertIOException | GeneralSecurityException e) {
            throw new IllegalStateException("extensions of the certificate of " + subject.commonName(), e);
        }
        return sign(leaf, issuerKey);
    }

    /**
     * The same root, certified by another one: subject, key, validity and extensions stay (rule 7.10.4).
     *
     * @throws CaException when it is no CA's certificate
     */
    public static X509Certificate crossSigned(X509Certificate root, X509Certificate issuer, PrivateKey issuerKey) {
        if (root.getBasicConstraints() < 0) {
            throw new CaException("the certificate of " + root.getSubjectX500Principal() + " is not a CA's");
        }
        X509v3CertificateBuilder crossed = new JcaX509v3CertificateBuilder(
                subjectOf(issuer), serial(), root.getNotBefore(), root.getNotAfter(), subjectOf(root),
                root.getPublicKey());
        try {
            Extensions extensions = new JcaX509CertificateHolder(root).getExtensions();
            for (ASN1ObjectIdentifier id : extensions.getExtensionOIDs()) {
                // Of all extensions only this one speaks of the issuer.
                if (!id.equals(Extension.authorityKeyIdentifier)) {
                    crossed.addExtension(extensions.getExtension(id));
                }
            }
            crossed.addExtension(Extension.authorityKeyIdentifier, false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(issuer));
        } catch (CertIOException | GeneralSecurityException e) {
            throw new CaException("the extensions of " + root.getSubjectX500Principal() + " cannot be taken over", e);
        }
        return sign(crossed, issuerKey);
    }

    private static GeneralName[] alternatives(Subject subject) {
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(GeneralName.dNSName, subject.unit()));
        names.add(new GeneralName(GeneralName.dNSName, subject.commonName()));
        if (subject.unit().equals("swarm-manager")) {
            names.add(new GeneralName(GeneralName.dNSName, "swarm-ca"));
        }
        return names.toArray(GeneralName[]::new);
    }

    private static X500Name name(Subject subject) {
        return new X500NameBuilder()
                .addRDN(BCStyle.O, subject.organization())
                .addRDN(BCStyle.OU, subject.unit())
                .addRDN(BCStyle.CN, subject.commonName())
                .build();
    }

    private static X500Name subjectOf(X509Certificate certificate) {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private static X509Certificate sign(X509v3CertificateBuilder certificate, PrivateKey key) {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(certificate.build(new JcaContentSignerBuilder(algorithm(key)).build(key)));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new CaException("certificate could not be signed: " + e.getMessage(), e);
        }
    }

    private static String algorithm(PrivateKey key) {
        if (!(key instanceof ECKey ec)) {
            return "SHA256withRSA";
        }
        int bits = ec.getParams().getCurve().getField().getFieldSize();
        return bits <= 256 ? "SHA256withECDSA" : bits <= 384 ? "SHA384withECDSA" : "SHA512withECDSA";
    }

    private static BigInteger serial() {
        return new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1);
    }

    /** A signing request with an empty subject (rule 7.3.1), PEM. */
    public static byte[] request(KeyPair pair) {
        return request(new X500Principal(""), pair.getPublic(), pair.getPrivate());
    }

    /** A signing request with the subject and the key of a certificate, PEM. */
    public static byte[] request(X509Certificate certificate, PrivateKey key) {
        return request(certificate.getSubjectX500Principal(), certificate.getPublicKey(), key);
    }

    private static byte[] request(X500Principal subject, PublicKey publicKey, PrivateKey key) {
        try {
            byte[] der = new JcaPKCS10CertificationRequestBuilder(subject, publicKey)
                    .build(new JcaContentSignerBuilder(algorithm(key)).build(key))
                    .getEncoded();
            return new Pem("CERTIFICATE REQUEST", der).encode();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("signing request", e);
        }
    }

    /**
     * The key of a signing request whose sender proves to hold the private half.
     *
     * @throws CaException when it is no request, the proof fails, or the key is too weak
     */
    public static PublicKey requestedKey(byte[] csrPem) {
        try {
            List<Pem> blocks = Pem.parse(csrPem);
            if (blocks.size() != 1) {
                throw new CaException("a signing request is one PEM block, not " + blocks.size());
            }
            JcaPKCS10CertificationRequest request =
                    new JcaPKCS10CertificationRequest(blocks.getFirst().der());
            RequestedKeys.check(request.getSubjectPublicKeyInfo());
            PublicKey key = request.getPublicKey();
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new CaException("the signing request is not signed by its own key");
            }
            return key;
        } catch (CaException refused) {
            throw refused;
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException
                | RuntimeException e) {
            // The request is a stranger's, and what a parser throws at hostile bytes is not only what it declares.
            throw new CaException("invalid signing request: " + e.getMessage(), e);
        }
    }

    /**
     * The value of an extension of a certificate, DER.
     *
     * @throws CaException when it has none of that kind
     */
    public static byte[] extension(X509Certificate certificate, String id) {
        byte[] wrapped = certificate.getExtensionValue(id);
        if (wrapped == null) {
            throw new CaException("the certificate of " + certificate.getSubjectX500Principal()
                    + " lacks the extension " + id);
        }
        return ASN1OctetString.getInstance(wrapped).getOctets();
    }

    /** A private key in any of the PEM forms that SwarmKit accepts, unencrypted. */
    public static PrivateKey key(byte[] pem) {
        try (PEMParser parser = new PEMParser(new StringReader(new String(pem, StandardCharsets.ISO_8859_1)))) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            return switch (parser.readObject()) {
                case PrivateKeyInfo pkcs8 -> converter.getPrivateKey(pkcs8);
                case PEMKeyPair pair -> converter.getPrivateKey(pair.getPrivateKeyInfo());
                case null, default -> throw new CaException("malformed private key");
            };
        } catch (CaException refused) {
            throw refused;
        } catch (IOException | RuntimeException e) {
            // What a parser throws at bytes that are no key is not only what it declares.
            throw new CaException("malformed private key", e);
        }
    }
}
