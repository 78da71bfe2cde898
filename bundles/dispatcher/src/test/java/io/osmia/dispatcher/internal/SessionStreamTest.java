package io.osmia.dispatcher.internal;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.osmia.roles.Membership;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.AssignmentsMessage;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.EncryptionKey;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.SessionMessage;
import org.junit.jupiter.api.Test;

/** What agents are told of their node and the managers (rule 6.4). */
class SessionStreamTest extends DispatcherScene {

    @Test // DIS-026
    void theFirstMessageCarriesTheReadyNodeAndTheManagers() {
        Objects.create(store, Objects.node("n", NodeStatus.State.UNKNOWN));
        begin();

        SessionMessage message = open("n", "").messages.getFirst();

        assertThat(message.getSessionId()).hasSize(25);
        assertThat(message.getNode().getStatus())
                .isEqualTo(NodeStatus.newBuilder()
                        .setState(NodeStatus.State.READY)
                        .setAddr("192.0.2.7")
                        .build());
        assertThat(message.getNode().getDescription().getHostname()).isEqualTo("host-n");
        assertThat(message.getManagersList()).singleElement().satisfies(manager -> {
            assertThat(manager.getPeer().getAddr()).isEqualTo("10.0.0.1:4242");
            assertThat(manager.getWeight()).isEqualTo(10);
        });
    }

    @Test // DIS-027
    void aSessionHearsOfChangedKeysRootAndManagers() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        store.update(Objects.TERM, tx -> tx.create(
                Table.CLUSTERS, Cluster.newBuilder().setId("cluster").build()));
        begin();
        RecordingSink<SessionMessage> session = open("n", "");

        changeCluster(cluster -> cluster.addNetworkBootstrapKeys(
                EncryptionKey.newBuilder().setSubsystem("networking:gossip").setLamportTime(1)));
        assertThat(session.last().getNetworkBootstrapKeysList()).hasSize(1);

        changeCluster(cluster -> cluster.getRootCaBuilder().setCaCert(ByteString.copyFromUtf8("root")));
        assertThat(session.last().getRootCA().toStringUtf8()).isEqualTo("root");
        assertThat(session.last().getNetworkBootstrapKeysList()).hasSize(1);

        members.add(new Membership.Member(2, "second", "10.0.0.2:4242", "", false, true));
        dispatching.managersChanged();
        simulation.settle();
        assertThat(session.last().getManagersList()).hasSize(2);
    }

    @Test // rule 6.2.4
    void stoppingTellsEverySessionAndRefusesWhatComesLater() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<SessionMessage> session = open("n", "");
        String id = session.last().getSessionId();
        RecordingSink<AssignmentsMessage> assignments = follow("n", id);

        dispatching.stop();

        assertThat(session.messages).hasSize(2);
        assertRefused(session.ended, Status.Code.ABORTED, "node must disconnect");
        assertRefused(assignments.ended, Status.Code.ABORTED, "dispatcher is stopped");
        assertRefused(beat("n", id).failure, Status.Code.ABORTED, "dispatcher is stopped");
        assertRefused(open("n", "").ended, Status.Code.ABORTED, "dispatcher is stopped");
    }

    @Test // rule 6.4.6
    void aChangedNodeIsTold() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY), Objects.node("m", NodeStatus.State.READY));
        begin();
        RecordingSink<SessionMessage> session = open("n", "");
        RecordingSink<SessionMessage> other = open("m", "");
        store.update(Objects.TERM, tx -> {
            Node.Builder node = tx.get(Table.NODES, "n").toBuilder();
            node.getSpecBuilder().setDesiredRole(NodeRole.MANAGER);
            return tx.update(Table.NODES, node.build());
        });
        simulation.settle();
        assertThat(session.messages).hasSize(2);
        assertThat(session.last().getNode().getSpec().getDesiredRole()).isEqualTo(NodeRole.MANAGER);
        assertThat(other.messages).hasSize(1);
    }

    @Test
    void whatChangesNothingForAgentsIsNotTold() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        store.update(Objects.TERM, tx -> tx.create(
                Table.CLUSTERS, Cluster.newBuilder().setId("cluster").build()));
        begin();
        RecordingSink<SessionMessage> session = open("n", "");
        changeCluster(cluster -> cluster.getSpecBuilder().getOrchestrationBuilder().setTaskHistoryRetentionLimit(9));
        dispatching.managersChanged();
        simulation.settle();
        assertThat(session.messages).hasSize(1);
    }
}
