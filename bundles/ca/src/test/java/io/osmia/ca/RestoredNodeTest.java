package io.osmia.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import com.google.protobuf.ByteString;
import io.osmia.roles.LogKeys;
import io.osmia.wire.swarmkit.BlacklistedCertificate;
import io.osmia.wire.swarmkit.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The identity that a cluster comes back with, and what is read from a key file while no node runs. */
class RestoredNodeTest {

    private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");
    private static final RootCa ROOT = RootCa.create(NOW);
    private static final byte[] UNLOCK = new byte[32];

    @TempDir
    private Path state;

    private Path certificates() {
        return state.resolve("certificates");
    }

    private static Cluster.Builder cluster() {
        Cluster.Builder cluster = Cluster.newBuilder().setId("cluster1");
        cluster.getMetaBuilder().getVersionBuilder().setIndex(7);
        cluster.getRootCaBuilder()
                .setCaCert(ByteString.copyFrom(ROOT.certificatePem()))
                .setCaKey(ByteString.copyFrom(ROOT.keyPem()));
        return cluster;
    }

    private static Cluster.Builder locked() {
        Cluster.Builder cluster = cluster();
        cluster.addUnlockKeysBuilder().setSubsystem("swarm-manager").setKey(ByteString.copyFrom(UNLOCK));
        return cluster;
    }

    private RestoredNode restored(Cluster.Builder cluster) {
        return RestoredNode.of(certificates(), cluster.build(), Optional.empty(), "node9", NOW);
    }

    private NodeCertificates load(Optional<byte[]> unlockKey) {
        KeyOptions options = new KeyOptions(unlockKey, false, false, Duration.ZERO);
        return NodeCertificates.loadOrCreate(certificates(), List.<String>of().iterator()::next, () -> NOW, options);
    }

    @Test
    void aNewManagerIsSignedByTheClustersRoot() {
        RestoredNode restored = restored(cluster());
        assertThat(certificates()).doesNotExist();
        restored.write();

        NodeCertificates node = load(Optional.empty());
        assertThat(node.nodeId()).isEqualTo("node9");
        assertThat(node.clusterId()).isEqualTo("cluster1");
        assertThat(node.role()).isEqualTo("swarm-manager");
        assertThat(node.rootPem()).isEqualTo(ROOT.certificatePem());
    }

    @Test
    void theKeyFileIsLockedAsTheClusterIs() {
        RestoredNode restored = restored(locked());
        assertThat(restored.locked()).isTrue();
        restored.write();

        assertThatThrownBy(() -> load(Optional.empty())).hasMessageContaining("node is locked");
        assertThat(load(Optional.of(UNLOCK)).nodeId()).isEqualTo("node9");
    }

    @Test
    void certificatesOfTheClusterAreKept() {
        restored(cluster()).write();
        assertThat(RestoredNode.of(certificates(), cluster().build(), Optional.empty(), "other", NOW).nodeId())
                .isEqualTo("node9");
    }

    @Test
    void certificatesOfAnotherClusterOrRootOrOfARemovedNodeAreRefused() {
        restored(cluster()).write();
        assertThatThrownBy(() -> restored(cluster().setId("cluster2")))
                .isInstanceOf(CaException.class)
                .hasMessageContaining("of cluster cluster1, the backup is of cluster cluster2");
        RootCa other = RootCa.create(NOW);
        Cluster.Builder foreign = cluster();
        foreign.getRootCaBuilder().setCaCert(ByteString.copyFrom(other.certificatePem()));
        assertThatThrownBy(() -> restored(foreign)).hasMessageContaining("is not of the backup's root");
        assertThatThrownBy(() -> restored(
                cluster().putBlacklistedCertificates("node9", BlacklistedCertificate.getDefaultInstance())))
                .hasMessageContaining("node node9, which was removed");
    }

    @Test
    void withoutARootKeyNothingCanBeSigned() {
        Cluster.Builder external = cluster();
        external.getRootCaBuilder().clearCaKey();
        assertThatThrownBy(() -> restored(external)).hasMessageContaining("the backup holds no root key");
        assertThat(certificates()).doesNotExist();
    }

    @Test
    void logKeysAreReadAndTheFileStaysAsItIs() throws IOException {
        assertThat(OfflineKeys.read(certificates(), Optional.empty())).isEmpty();
        restored(locked()).write();
        LogKeys held = load(Optional.of(UNLOCK)).logKeys();
        held.learn(1, new SecretKeySpec(new byte[32], "AES"));
        held.learn(2, new SecretKeySpec(new byte[32], "AES"));
        held.use(1);
        Path file = certificates().resolve("swarm-node.key");
        byte[] before = Files.readAllBytes(file);

        LogKeys read = OfflineKeys.read(certificates(), Optional.of(UNLOCK)).orElseThrow();
        assertThat(read.versions()).containsExactly(1, 2);
        read.use(2);
        assertThat(read.current()).isEqualTo(2);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThatThrownBy(() -> OfflineKeys.read(certificates(), Optional.empty()))
                .hasMessageContaining("node is locked");
    }
}
