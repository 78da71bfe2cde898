package io.osmia.ca;

import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.Issuer;
import io.osmia.ca.internal.Pem;
import io.osmia.ca.internal.PrivateKeys;
import io.osmia.ca.internal.RootRules;
import io.osmia.ca.internal.Subject;
import io.osmia.roles.Credentials;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The root of trust of a cluster, with its signing key where this process knows it (rules 7.2, 7.3). Immutable.
 *
 * <p>Trust is the whole bundle; what is signed here is signed by its first certificate.
 */
public final class RootCa {

    /** Validity of node certificates when the cluster asks for none, or for less than {@link #LEAST_EXPIRY} (7.3.3). */
    public static final Duration DEFAULT_EXPIRY = Duration.ofHours(2160);

    /** Shortest validity that a cluster may ask for. */
    public static final Duration LEAST_EXPIRY = Duration.ofHours(1);

    private final byte[] certificatePem;
    private final List<X509Certificate> certificates;
    private final Optional<PrivateKey> key;

    private RootCa(byte[] certificatePem, List<X509Certificate> certificates, Optional<PrivateKey> key) {
        this.certificatePem = certificatePem;
        this.certificates = certificates;
        this.key = key;
    }

    /** A new root with a new key (rule 7.2.1). */
    public static RootCa create(Instant now) {
        KeyPair pair = PrivateKeys.generate();
        List<X509Certificate> root = List.of(Issuer.root(pair, Credentials.CA_NAME, now));
        return new RootCa(Certificates.pem(root), root, Optional.of(pair.getPrivate()));
    }

    /**
     * A root that cannot sign.
     *
     * @throws CaException with the texts of rule 7.2.2
     */
    public static RootCa trusting(byte[] certificatePem) {
        return new RootCa(certificatePem.clone(), RootRules.parse(certificatePem), Optional.empty());
    }

    /**
     * A root that can sign. Certificate and key come together or not at all.
     *
     * @throws CaException with the texts of rule 7.2.2
     */
    public static RootCa signing(byte[] certificatePem, byte[] keyPem) {
        if (certificatePem.length == 0 || keyPem.length == 0) {
            throw new CaException("must provide both a signing key and a signing cert, or neither");
        }
        List<X509Certificate> roots = RootRules.parse(certificatePem);
        PrivateKey key = Issuer.key(keyPem);
        RootRules.checkSigner(roots.getFirst(), key);
        return new RootCa(certificatePem.clone(), roots, Optional.of(key));
    }

    public boolean canSign() {
        return key.isPresent();
    }

    /** The trust bundle, byte for byte as it was given. */
    public byte[] certificatePem() {
        return certificatePem.clone();
    }

    public List<X509Certificate> certificates() {
        return certificates;
    }

    /** PKCS#8 PEM of the signing key; empty without one. */
    public byte[] keyPem() {
        return key.map(k -> new Pem(Pem.PRIVATE_KEY, k.getEncoded()).encode()).orElseGet(() -> new byte[0]);
    }

    /** {@code sha256:<hex>} over the bytes of the bundle (rule 7.2.3). */
    public String hash() {
        return Digests.named(certificatePem);
    }

    /**
     * Signs a node certificate (rules 7.3.1 to 7.3.4). Only the key of the request counts.
     *
     * @param csrPem PKCS#10, PEM
     * @param nodeId common name
     * @param role organizational unit
     * @param clusterId organization
     * @param expiry from now; less than an hour means the default
     * @return PEM chain, leaf first
     * @throws CaException {@code no valid signer found}, or why the request is invalid
     */
    public byte[] sign(byte[] csrPem, String nodeId, String role, String clusterId, Duration expiry, Instant now) {
        return sign(Issuer.requestedKey(csrPem), nodeId, role, clusterId, expiry, now);
    }

    byte[] sign(PublicKey publicKey, String nodeId, String role, String clusterId, Duration expiry, Instant now) {
        PrivateKey signer = key.orElseThrow(() -> new CaException("no valid signer found"));
        Duration validity = expiry.compareTo(LEAST_EXPIRY) < 0 ? DEFAULT_EXPIRY : expiry;
        Subject subject = new Subject(nodeId, role, clusterId).requireNode();
        return Certificates.pem(
                List.of(Issuer.leaf(certificates.getFirst(), signer, publicKey, subject, validity, now)));
    }

    /**
     * Certifies another root with this one's key, so that what the other signs verifies under this one too (rule 7.10.4).
     *
     * @return PEM
     * @throws CaException {@code no valid signer found}, or when the other's first certificate is not a CA's
     */
    public byte[] crossSign(RootCa other) {
        PrivateKey signer = key.orElseThrow(() -> new CaException("no valid signer found"));
        return Certificates.pem(
                List.of(Issuer.crossSigned(other.certificates.getFirst(), certificates.getFirst(), signer)));
    }

    /**
     * A request with which another CA can certify this root, PEM.
     *
     * @throws CaException {@code no valid signer found}
     */
    public byte[] request() {
        PrivateKey own = key.orElseThrow(() -> new CaException("no valid signer found"));
        return Issuer.request(certificates.getFirst(), own);
    }
}
