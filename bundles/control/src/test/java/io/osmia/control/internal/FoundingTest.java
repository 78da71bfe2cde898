package io.osmia.control.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import com.google.protobuf.util.Durations;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Certificate;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.IssuanceStatus;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FoundingTest {

    private final TestCluster cluster = new TestCluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    @DisplayName("rules 0.5 and 1.8.4")
    void theClusterHasItsDefaults() {
        found("active", "key");
        Cluster founded = cluster.get(Table.CLUSTERS, TestCluster.ID);
        assertThat(founded.getSpec().getAnnotations().getName()).isEqualTo("default");
        assertThat(founded.getSpec().getOrchestration().getTaskHistoryRetentionLimit()).isEqualTo(5);
        assertThat(founded.getSpec().getDispatcher().getHeartbeatPeriod()).isEqualTo(Durations.fromSeconds(5));
        assertThat(founded.getSpec().getRaft().getSnapshotInterval()).isEqualTo(10_000);
        assertThat(founded.getSpec().getRaft().getKeepOldSnapshots()).isZero();
        assertThat(founded.getSpec().getRaft().getLogEntriesForSlowFollowers()).isEqualTo(500);
        assertThat(founded.getSpec().getRaft().getHeartbeatTick()).isOne();
        assertThat(founded.getSpec().getRaft().getElectionTick()).isEqualTo(10);
        assertThat(founded.getSpec().getCaConfig().getNodeCertExpiry()).isEqualTo(Durations.fromHours(2160));
        assertThat(founded.getRootCa().getCaKey().toStringUtf8()).isEqualTo("key");
        assertThat(founded.getRootCa().getCaCert().toStringUtf8()).isEqualTo("cert");
        assertThat(founded.getRootCa().getCaCertHash()).isEqualTo("sha256:00");
        assertThat(founded.getRootCa().getJoinTokens().getWorker()).isEqualTo("w");
        assertThat(founded.getRootCa().getJoinTokens().getManager()).isEqualTo("m");
    }

    @Test
    @DisplayName("rule 0.6")
    void theFirstNodeIsAManager() {
        found("drain", "key");
        Node node = cluster.get(Table.NODES, TestCluster.SELF);
        assertThat(node.getRole()).isEqualTo(NodeRole.MANAGER);
        assertThat(node.getSpec().getDesiredRole()).isEqualTo(NodeRole.MANAGER);
        assertThat(node.getSpec().getMembership()).isEqualTo(NodeSpec.Membership.ACCEPTED);
        assertThat(node.getSpec().getAvailability()).isEqualTo(NodeSpec.Availability.DRAIN);
        Certificate certificate = node.getCertificate();
        assertThat(certificate.getCn()).isEqualTo(TestCluster.SELF);
        assertThat(certificate.getRole()).isEqualTo(NodeRole.MANAGER);
        assertThat(certificate.getStatus().getState()).isEqualTo(IssuanceStatus.State.ISSUED);
        assertThat(certificate.getCertificate().toStringUtf8()).isEqualTo("own");
    }

    @Test
    void foundingAgainChangesNothing() {
        found("active", "key");
        View before = cluster.store.view();
        found("pause", "");
        assertThat(cluster.store.view()).isSameAs(before);
    }

    @Test
    void withoutARootKeyNothingIsFounded() {
        assertThatThrownBy(() -> found("active", ""))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(TestCluster.ID)
                .hasMessageContaining("no root key");
        assertThat(cluster.store.view().count(Table.CLUSTERS)).isZero();
        assertThat(cluster.store.view().count(Table.NODES)).isZero();
    }

    /** Rule 7.5.7. */
    @Test
    void anUnlockKeyIsTheClustersFromItsFirstObjectOn() {
        byte[] key = new byte[32];
        Founding founding = new Founding(TestCluster.ID, TestCluster.SELF, "active", new TestRoot("key", key));

        cluster.store.update(7, founding::carryOut);

        Cluster founded = cluster.store.view().get(Table.CLUSTERS, TestCluster.ID);
        assertThat(founded.getSpec().getEncryptionConfig().getAutoLockManagers()).isTrue();
        assertThat(founded.getUnlockKeysList()).singleElement().satisfies(unlock -> {
            assertThat(unlock.getSubsystem()).isEqualTo("swarm-manager");
            assertThat(unlock.getKey().toByteArray()).isEqualTo(key);
        });
    }

    private void found(String availability, String key) {
        Founding founding = new Founding(TestCluster.ID, TestCluster.SELF, availability, new TestRoot(key));
        assertThat(cluster.store.update(7, founding::carryOut)).isEqualTo(TestCluster.ID);
    }
}
