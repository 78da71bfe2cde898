package io.osmia.ca;

import io.osmia.ca.internal.CertificateFiles;
import io.osmia.ca.internal.CertificateLoader;
import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.Identity;
import io.osmia.ca.internal.OwnKeyManager;
import io.osmia.ca.internal.OwnTrustManager;
import io.osmia.ca.internal.Pem;
import io.osmia.ca.internal.PrivateKeys;
import io.osmia.roles.Channels;
import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
import io.osmia.roles.LogKeys;
import io.osmia.roles.Registration;
import io.osmia.roles.Remotes;
import io.osmia.roles.Ids;
import io.osmia.roles.RootKeyMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The certificates in a node's state directory. Made when there are none: then this node is the first of a new
 * cluster, with a root of its own (rule 7.5.7).
 *
 * <p>Thread-safe. The key and trust managers stay the same objects when the identity inside is replaced.
 */
public final class NodeCertificates implements Credentials, KeyFile {

    /** No unlock key has ever been set (rule 7.12.2). */
    private static final Map<String, String> KEY_HEADERS = Map.of("kek-version", "0");

    private final CertificateFiles files;
    private final OwnKeyManager keyManager;
    private final OwnTrustManager trustManager;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Identity identity;
    private volatile Founding founding;

    private NodeCertificates(CertificateFiles files, Identity identity, RootCa root) {
        this.files = files;
        this.identity = identity;
        this.founding = new Founding(root, Certificates.pem(identity.chain()));
        this.keyManager = new OwnKeyManager(identity);
        this.trustManager = new OwnTrustManager(identity.roots());
    }

    /**
     * Loads the certificates, or makes them when the directory has none: a root (or the one whose certificate and key
     * were put there beforehand), a node id, a cluster id and a manager certificate.
     *
     * @param directory need not exist
     * @throws CaException when something is there but cannot be used, with the file and the reason; nothing is changed
     */
    public static NodeCertificates loadOrCreate(Path directory, Ids ids, Clock clock) {
        CertificateFiles files = new CertificateFiles(directory);
        Optional<Identity> stored = new CertificateLoader(files, clock.now()).load();
        if (stored.isPresent()) {
            return new NodeCertificates(files, stored.get(), rootOf(files, stored.get()));
        }
        RootCa root = seededRoot(files).orElseGet(() -> RootCa.create(clock.now()));
        return new NodeCertificates(files, issue(files, root, ids.next(), ids.next(), clock), root);
    }

    /** As {@link #loadOrCreate(Path, Ids, Clock)} with options. */
    public static NodeCertificates loadOrCreate(Path directory, Ids ids, Clock clock, KeyOptions options) {
        return loadOrCreate(directory, ids, clock);
    }

    /** Whether the directory holds a certificate or a key. */
    public static boolean exists(Path directory) {
        CertificateFiles files = new CertificateFiles(directory);
        return Files.exists(files.key()) || Files.exists(files.certificate());
    }

    /** Gets a certificate from a manager of the cluster. Blocks. */
    public static NodeCertificates join(Path directory, Join join, Remotes remotes, Clock clock) {
        throw new UnsupportedOperationException("joining " + join.address());
    }

    /** Whether the certificate has ended: then it may be renewed and nothing else. */
    public boolean expired() {
        return false;
    }

    /** Connections to other nodes with this certificate. */
    public Channels channels() {
        throw new UnsupportedOperationException();
    }

    /** The log keys in the key file. */
    public LogKeys logKeys() {
        throw new UnsupportedOperationException();
    }

    /** Trusts another root from now on (rule 7.6.6); false when it is the one that is trusted already. */
    public boolean trust(byte[] rootPem) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unlockKey(Optional<byte[]> key, long version) {
        throw new UnsupportedOperationException();
    }

    private static Optional<RootCa> seededRoot(CertificateFiles files) {
        if (!Files.exists(files.root())) {
            return Optional.empty();
        }
        RootCa seeded = root(files, content(files.root()));
        if (!seeded.canSign()) {
            throw new CaException(files.root() + " is there without " + files.certificate().getFileName() + ", "
                    + files.key().getFileName() + " or " + files.rootKey().getFileName()
                    + ": put the missing files back, or remove it to found a new cluster");
        }
        return Optional.of(seeded);
    }

    private static RootCa rootOf(CertificateFiles files, Identity identity) {
        return root(files, identity.rootPem());
    }

    private static RootCa root(CertificateFiles files, byte[] certificatePem) {
        try {
            return Files.exists(files.rootKey())
                    ? RootCa.signing(certificatePem, content(files.rootKey()))
                    : RootCa.trusting(certificatePem);
        } catch (CaException e) {
            Path file = Files.exists(files.rootKey()) ? files.rootKey() : files.root();
            throw new CaException("error while loading root CA in " + file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CaException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Identity issue(CertificateFiles files, RootCa root, String nodeId, String clusterId, Clock clock) {
        KeyPair pair = PrivateKeys.generate();
        byte[] chainPem = root.sign(
                pair.getPublic(), nodeId, MANAGER_NAME, clusterId, RootCa.DEFAULT_EXPIRY, clock.now());
        byte[] keyPem =
                new Pem(Pem.PRIVATE_KEY, KEY_HEADERS, pair.getPrivate().getEncoded()).encode();
        files.write(root.certificatePem(), chainPem, keyPem);
        return new Identity(
                root.certificatePem(), root.certificates(), Certificates.parse(chainPem), pair.getPrivate());
    }

    /**
     * Makes a new root and a new certificate for the same node and cluster. For the one case in which a root's key is
     * lost for good and nobody has seen the root yet: the node ended after it wrote its files and before the cluster
     * object, where the key lives, was committed (rule 7.2.4).
     */
    public synchronized void foundAnew(Clock clock) {
        RootCa root = RootCa.create(clock.now());
        Identity renewed = issue(files, root, nodeId(), clusterId(), clock);
        identity = renewed;
        trustManager.swap(renewed.roots());
        keyManager.swap(renewed);
        founding = new Founding(root, Certificates.pem(renewed.chain()));
    }

    /** What the cluster object is made from; always answers for the newest root. */
    public RootKeyMaterial rootKeyMaterial() {
        return new NewestFounding();
    }

    @Override
    public String nodeId() {
        return identity.subject().commonName();
    }

    @Override
    public String clusterId() {
        return identity.subject().organization();
    }

    @Override
    public String role() {
        return identity.subject().unit();
    }

    @Override
    public X509ExtendedKeyManager keyManager() {
        return keyManager;
    }

    @Override
    public X509ExtendedTrustManager trustManager() {
        return trustManager;
    }

    @Override
    public X509ExtendedTrustManager renewalTrustManager() {
        return trustManager;
    }

    @Override
    public Registration onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public byte[] rootPem() {
        return identity.rootPem().clone();
    }

    @Override
    public byte[] issuerSubject() {
        return identity.chain().getFirst().getIssuerX500Principal().getEncoded();
    }

    @Override
    public byte[] issuerPublicKey() {
        return identity.issuer().getPublicKey().getEncoded();
    }

    /** Follows {@link #foundAnew}. */
    private final class NewestFounding implements RootKeyMaterial {

        @Override
        public byte[] certPem() {
            return founding.root().certificatePem();
        }

        @Override
        public byte[] keyPem() {
            return founding.root().keyPem();
        }

        @Override
        public String workerToken() {
            return founding.workerToken();
        }

        @Override
        public String managerToken() {
            return founding.managerToken();
        }

        @Override
        public String hash() {
            return founding.root().hash();
        }

        @Override
        public byte[] unlockKey() {
            return new byte[0];
        }

        @Override
        public byte[] nodeCertificatePem() {
            return founding.chainPem();
        }
    }
}
