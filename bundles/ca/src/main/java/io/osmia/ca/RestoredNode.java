package io.osmia.ca;

import com.google.protobuf.util.Durations;
import io.osmia.ca.internal.CertificateFiles;
import io.osmia.ca.internal.CertificateLoader;
import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.Chain;
import io.osmia.ca.internal.Identity;
import io.osmia.ca.internal.Kek;
import io.osmia.ca.internal.NodeKey;
import io.osmia.ca.internal.NodeState;
import io.osmia.ca.internal.PrivateKeys;
import io.osmia.ca.internal.Subject;
import io.osmia.roles.Credentials;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.EncryptionKey;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The manager that a cluster comes back with after all were lost: an identity under the cluster's own root, on disk once it is
 * {@linkplain #write() written}.
 */
public final class RestoredNode {

    private final CertificateFiles files;
    private final NodeState state;

    private RestoredNode(CertificateFiles files, NodeState state) {
        this.files = files;
        this.state = state;
    }

    /**
     * A new node whose certificate is signed with the root key in the cluster object; or, when the directory holds certificates
     * of a manager of this cluster, that one. The key file is encrypted with the cluster's unlock key, if it has one.
     *
     * @param certificates the directory; need not exist
     * @param unlockKey for a key file that is there and locked
     * @param newNodeId used when there are no certificates
     * @throws CaException when what is there belongs elsewhere, or the cluster object holds no root key; nothing is changed
     */
    public static RestoredNode of(
            Path certificates, Cluster cluster, Optional<byte[]> unlockKey, String newNodeId, Instant now) {
        CertificateFiles files = new CertificateFiles(certificates);
        KeyOptions options = new KeyOptions(unlockKey, false, false, Duration.ZERO);
        Optional<Identity> held = new CertificateLoader(files, options, now).load().map(NodeState::identity);
        held.ifPresent(identity -> check(certificates, identity, cluster, now));
        Identity identity = held.orElseGet(() -> issue(certificates, cluster, newNodeId, now));
        return new RestoredNode(files, new NodeState(identity, new NodeKey(identity.key(), kek(cluster))));
    }

    private static void check(Path directory, Identity held, Cluster cluster, Instant now) {
        Subject subject = held.subject();
        if (!subject.organization().equals(cluster.getId()) || !subject.unit().equals(Credentials.MANAGER_NAME)) {
            throw new CaException(
                    directory + " holds the certificate of a " + subject.unit() + " of cluster "
                            + subject.organization() + ", the backup is of cluster " + cluster.getId()
                            + " and wants a manager of it; move the certificates away, and a new one is made");
        }
        if (cluster.containsBlacklistedCertificates(subject.commonName())) {
            throw new CaException(
                    directory + " holds the certificate of node " + subject.commonName() + ", which was removed from"
                            + " cluster " + cluster.getId() + "; move the certificates away, and a new one is made");
        }
        try {
            Chain.check(held.chain(), root(cluster).certificates(), now);
        } catch (CaException e) {
            throw new CaException(
                    "the certificate in " + directory + " is not of the backup's root: " + e.getMessage()
                            + "; move the certificates away, and a new one is made",
                    e);
        }
    }

    private static RootCa root(Cluster cluster) {
        return RootCa.trusting(cluster.getRootCa().getCaCert().toByteArray());
    }

    private static Identity issue(Path directory, Cluster cluster, String nodeId, Instant now) {
        byte[] key = cluster.getRootCa().getCaKey().toByteArray();
        if (key.length == 0) {
            throw new CaException(
                    "the backup holds no root key, cluster " + cluster.getId() + " has an external authority; put the"
                            + " certificates of one of its managers into " + directory + " first");
        }
        RootCa root = RootCa.signing(cluster.getRootCa().getCaCert().toByteArray(), key);
        KeyPair pair = PrivateKeys.generate();
        Duration expiry = Duration.ofMillis(
                Durations.toMillis(cluster.getSpec().getCaConfig().getNodeCertExpiry()));
        byte[] chain = root.sign(
                pair.getPublic(), nodeId, Credentials.MANAGER_NAME, cluster.getId(), expiry, now);
        return new Identity(
                root.certificatePem(), root.certificates(), Certificates.parse(chain), pair.getPrivate());
    }

    private static Kek kek(Cluster cluster) {
        List<EncryptionKey> keys = cluster.getUnlockKeysList().stream()
                .filter(key -> key.getSubsystem().equals(Credentials.MANAGER_NAME))
                .toList();
        Optional<byte[]> key = keys.isEmpty()
                ? Optional.empty()
                : Optional.of(keys.getFirst().getKey().toByteArray());
        return new Kek(key, cluster.getMeta().getVersion().getIndex());
    }

    public String nodeId() {
        return state.identity().subject().commonName();
    }

    /** Whether the key file is encrypted, so that starting needs the unlock key of the backup. */
    public boolean locked() {
        return state.key().kek().key().isPresent();
    }

    /** Puts it on disk. */
    public void write() {
        Identity identity = state.identity();
        files.write(identity.rootPem(), Certificates.pem(identity.chain()), state.key().encode());
    }
}
