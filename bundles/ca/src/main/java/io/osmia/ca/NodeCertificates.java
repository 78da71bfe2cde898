package io.osmia.ca;

import io.osmia.ca.internal.CertificateFiles;
import io.osmia.ca.internal.CertificateLoader;
import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.Chain;
import io.osmia.ca.internal.Identity;
import io.osmia.ca.internal.Kek;
import io.osmia.ca.internal.NodeKey;
import io.osmia.ca.internal.NodeState;
import io.osmia.ca.internal.OwnKeyManager;
import io.osmia.ca.internal.OwnTrustManager;
import io.osmia.ca.internal.PrivateKeys;
import io.osmia.ca.internal.RenewalTrustManager;
import io.osmia.ca.internal.RootRules;
import io.osmia.ca.internal.StoredLogKeys;
import io.osmia.ca.internal.Subject;
import io.osmia.ca.internal.client.CaClient;
import io.osmia.ca.internal.client.Newcomer;
import io.osmia.ca.internal.client.TlsChannels;
import io.osmia.roles.Channels;
import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
import io.osmia.roles.Ids;
import io.osmia.roles.LogKeys;
import io.osmia.roles.Registration;
import io.osmia.roles.Remotes;
import io.osmia.roles.RootKeyMaterial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The certificates in a node's state directory: loaded, made for the first node of a new cluster (rule 7.5.7), or got by
 * joining (rule 7.5).
 *
 * <p>Thread-safe. The key and trust managers stay the same objects when the identity inside is replaced. What changes is on
 * disk before it is used.
 */
public final class NodeCertificates implements Credentials, KeyFile {

    private final CertificateFiles files;
    private final Clock clock;
    private final OwnKeyManager keyManager;
    private final OwnTrustManager trustManager;
    private final RenewalTrustManager renewalTrustManager;
    private final Channels channels;
    private final LogKeys logKeys;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> lockListeners = new CopyOnWriteArrayList<>();
    private volatile NodeState state; // written under this
    private volatile Founding founding; // written under this

    private NodeCertificates(CertificateFiles files, NodeState state, RootCa root, KeyOptions options, Clock clock) {
        this.files = files;
        this.clock = clock;
        this.state = state;
        this.founding = founding(root, state);
        this.keyManager = new OwnKeyManager(state.identity());
        this.trustManager = new OwnTrustManager(state.identity().roots());
        this.renewalTrustManager = new RenewalTrustManager(trustManager, options.expiredGrace(), clock);
        this.channels = TlsChannels.lazy(keyManager, trustManager);
        this.logKeys = new StoredLogKeys(() -> this.state.key(), this::rewriteKey);
    }

    /** As the one with options, with {@link KeyOptions#PLAIN}. */
    public static NodeCertificates loadOrCreate(Path directory, Ids ids, Clock clock) {
        return loadOrCreate(directory, ids, clock, KeyOptions.PLAIN);
    }

    /**
     * Loads the certificates, or makes them when the directory has none: a root (or the one whose certificate and key
     * were put there beforehand), a node id, a cluster id and a manager certificate.
     *
     * @param directory need not exist
     * @throws CaException when something is there but cannot be used, with the file and the reason; nothing is changed
     */
    public static NodeCertificates loadOrCreate(Path directory, Ids ids, Clock clock, KeyOptions options) {
        CertificateFiles files = new CertificateFiles(directory);
        RootFiles roots = new RootFiles(files);
        Optional<NodeState> stored = new CertificateLoader(files, options, clock.now()).load();
        if (stored.isPresent()) {
            return new NodeCertificates(files, stored.get(), roots.of(stored.get().identity()), options, clock);
        }
        RootCa root = roots.seeded().orElseGet(() -> RootCa.create(clock.now()));
        Kek kek = options.autolock() ? new Kek(Optional.of(unlockKey()), 0) : Kek.NONE;
        NodeState made = issue(root, new Subject(ids.next(), MANAGER_NAME, ids.next()), kek, clock);
        write(files, made);
        return new NodeCertificates(files, made, root, options, clock);
    }

    /** Whether the directory holds a certificate or a key. */
    public static boolean exists(Path directory) {
        CertificateFiles files = new CertificateFiles(directory);
        return Files.exists(files.key()) || Files.exists(files.certificate());
    }

    /** As the one with options, with a week's grace for clients whose certificate has ended. */
    public static NodeCertificates join(Path directory, Join join, Remotes remotes, Clock clock) {
        return join(directory, join, remotes, clock, KeyOptions.JOINED);
    }

    /**
     * Gets a certificate from a manager of the cluster (rules 7.5.1 to 7.5.6). Blocks, for minutes when nobody signs; an
     * interrupt ends it. Leaves the directory as it is when it fails.
     *
     * @param directory without a certificate; a root that is there is trusted and kept
     * @param remotes the address is added to it
     * @throws CaException that names the address, the reason and what to do
     */
    public static NodeCertificates join(
            Path directory, Join join, Remotes remotes, Clock clock, KeyOptions options) {
        CertificateFiles files = new CertificateFiles(directory);
        CaClient client = new CaClient(CaClient.REAL_TIME, new SecureRandom());
        NodeState made = new Newcomer(join, remotes, clock, client).join(files.root(), files.read(files.root()));
        write(files, made);
        RootCa root = RootCa.trusting(made.identity().rootPem());
        return new NodeCertificates(files, made, root, options, clock);
    }

    private static byte[] unlockKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return key;
    }

    private static NodeState issue(RootCa root, Subject subject, Kek kek, Clock clock) {
        KeyPair pair = PrivateKeys.generate();
        byte[] chainPem = root.sign(
                pair.getPublic(),
                subject.commonName(),
                subject.unit(),
                subject.organization(),
                RootCa.DEFAULT_EXPIRY,
                clock.now());
        Identity identity = new Identity(
                root.certificatePem(), root.certificates(), Certificates.parse(chainPem), pair.getPrivate());
        return new NodeState(identity, new NodeKey(pair.getPrivate(), kek));
    }

    private static void write(CertificateFiles files, NodeState made) {
        files.write(
                made.identity().rootPem(), Certificates.pem(made.identity().chain()), made.key().encode());
    }

    private static Founding founding(RootCa root, NodeState state) {
        return new Founding(root, Certificates.pem(state.identity().chain()), state.key().kek().key());
    }

    private Identity identity() {
        return state.identity();
    }

    /**
     * Makes a new root and a new certificate for the same node and cluster. For the one case in which a root's key is
     * lost for good and nobody has seen the root yet: the node ended after it wrote its files and before the cluster
     * object, where the key lives, was committed (rule 7.2.4).
     */
    public void foundAnew(Clock now) {
        synchronized (this) {
            RootCa root = RootCa.create(now.now());
            NodeState made = issue(root, identity().subject(), state.key().kek(), now);
            NodeState anew = new NodeState(made.identity(), state.key().with(made.key().key()));
            write(files, anew);
            founding = founding(root, anew);
            swap(anew);
        }
        listeners.forEach(Runnable::run);
    }

    /** What the cluster object is made from; always answers for the newest root. */
    public RootKeyMaterial rootKeyMaterial() {
        return new NewestFounding();
    }

    /** Whether the certificate has ended: then this node may renew it and do nothing else. */
    public boolean expired() {
        return clock.now().isAfter(certificate().getNotAfter().toInstant());
    }

    /** The newest certificate of this node. */
    X509Certificate certificate() {
        return identity().chain().getFirst();
    }

    /** Connections to other nodes with the newest certificate. */
    public Channels channels() {
        return channels;
    }

    /** The log keys in the key file. */
    public LogKeys logKeys() {
        return logKeys;
    }

    /**
     * Takes over a new certificate with its key (rule 7.6.5): on disk, then for all handshakes to come.
     *
     * @param kek of the managers; a worker holds none
     * @throws CaException when it is not of this node and cluster, or not signed by the present root
     */
    void renewed(KeyPair pair, byte[] chainPem, Kek kek) {
        synchronized (this) {
            Identity present = identity();
            Identity next = new Identity(
                    present.rootPem(), present.roots(), Certificates.parse(chainPem), pair.getPrivate());
            next.check(clock.now());
            Subject subject = next.subject();
            if (!subject.commonName().equals(nodeId()) || !subject.organization().equals(clusterId())) {
                throw new CaException("the new certificate is of node " + subject.commonName() + " in cluster "
                        + subject.organization() + ", this is node " + nodeId() + " in cluster " + clusterId());
            }
            NodeKey key = state.key().with(pair.getPrivate());
            NodeState renewed = new NodeState(
                    next,
                    subject.unit().equals(MANAGER_NAME)
                            ? key.with(key.kek().follow(kek.key(), kek.version()))
                            : key.ofWorker());
            write(files, renewed);
            swap(renewed);
        }
        listeners.forEach(Runnable::run);
    }

    private synchronized void swap(NodeState next) {
        state = next;
        trustManager.swap(next.identity().roots());
        keyManager.swap(next.identity());
    }

    /**
     * Trusts another root from now on (rule 7.6.6).
     *
     * @return false when it is the one that is trusted already
     * @throws CaException {@code new root CA does not match existing TLS credentials}, or why it is no root, or that it
     *     cannot be written; then the present one stays
     */
    public boolean trust(byte[] rootPem) {
        synchronized (this) {
            Identity present = identity();
            if (Arrays.equals(present.rootPem(), rootPem)) {
                return false;
            }
            List<X509Certificate> roots = RootRules.parse(rootPem);
            Instant end = certificate().getNotAfter().toInstant();
            try {
                Chain.check(present.chain(), roots, expired() ? end : clock.now());
            } catch (CaException e) {
                throw new CaException("new root CA does not match existing TLS credentials: " + e.getMessage(), e);
            }
            files.writeRoot(rootPem);
            swap(new NodeState(new Identity(rootPem.clone(), roots, present.chain(), present.key()), state.key()));
        }
        listeners.forEach(Runnable::run);
        return true;
    }

    @Override
    public void unlockKey(Optional<byte[]> key, long version) {
        boolean locked;
        synchronized (this) {
            boolean open = state.key().kek().key().isEmpty();
            if (!role().equals(MANAGER_NAME)) {
                return;
            }
            rewriteKey(present -> {
                Kek next = present.kek().follow(key, version);
                return next == present.kek() ? present : present.with(next);
            });
            locked = open && state.key().kek().key().isPresent();
        }
        if (locked) {
            lockListeners.forEach(Runnable::run);
        }
    }

    /** Called when the key file was plain until now and is encrypted from now on: the plain key must become useless. */
    Registration onLocked(Runnable listener) {
        lockListeners.add(listener);
        return () -> lockListeners.remove(listener);
    }

    private synchronized void rewriteKey(UnaryOperator<NodeKey> change) {
        NodeKey present = state.key();
        NodeKey next = change.apply(present);
        if (next != present) {
            files.writeKey(next.encode());
            state = new NodeState(state.identity(), next);
        }
    }

    @Override
    public String nodeId() {
        return identity().subject().commonName();
    }

    @Override
    public String clusterId() {
        return identity().subject().organization();
    }

    @Override
    public String role() {
        return identity().subject().unit();
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
        return renewalTrustManager;
    }

    @Override
    public Registration onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public byte[] rootPem() {
        return identity().rootPem().clone();
    }

    @Override
    public byte[] issuerSubject() {
        return identity().chain().getFirst().getIssuerX500Principal().getEncoded();
    }

    @Override
    public byte[] issuerPublicKey() {
        return identity().issuer().getPublicKey().getEncoded();
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
            return founding.unlockKey().orElseGet(() -> new byte[0]);
        }

        @Override
        public byte[] nodeCertificatePem() {
            return founding.chainPem();
        }
    }
}
