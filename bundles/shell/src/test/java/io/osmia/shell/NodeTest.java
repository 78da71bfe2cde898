package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.Status;
import io.osmia.wire.osmia.ManagerStatus;
import io.osmia.wire.osmia.NodeEvidence;
import io.osmia.wire.swarmkit.IssuanceStatus;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.RemoveNodeRequest;
import io.osmia.wire.swarmkit.UpdateNodeRequest;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done to nodes: rule 10.2. */
class NodeTest {

    private Cli cli;

    @BeforeEach
    void fillNode() throws IOException {
        cli = new Cli();
        cli.control.nodes.add(Samples.leader(Samples.node("node1id", "one", NodeStatus.State.READY)));
        cli.control.nodes.add(Samples.node("node2id", "two", NodeStatus.State.READY));
    }

    @AfterEach
    void close() throws Exception {
        cli.close();
    }

    private NodeSpec changed(String... words) {
        cli.control.changes.clear();
        Cli.Result result = cli.run(words);
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("node2id\n");
        UpdateNodeRequest request = cli.control.onlyChange(UpdateNodeRequest.class);
        assertThat(request.getNodeId()).isEqualTo("node2id");
        return request.getSpec();
    }

    private void fails(String message, String... words) {
        Cli.Result result = cli.run(words);
        assertThat(result.err()).isEqualTo("osmia: " + message + "\n");
        assertThat(result.code()).isEqualTo(1);
    }

    private Node two() {
        return cli.control.nodes.get(1);
    }

    @Test
    void theNodeThatAnswersIsMarked() {
        cli.manager.self = "node2id";
        ManagerStatus.Builder own = ManagerStatus.newBuilder();
        own.getMemberBuilder().setNodeId("node2id");
        cli.manager.statuses.add(own.build());
        assertThat(cli.run("node", "ls").out()).isEqualTo(
                """
                ID         Name  Membership  Status  Availability  Manager Status
                --         ----  ----------  ------  ------------  --------------
                node1id    one   ACCEPTED    READY   ACTIVE        REACHABLE *
                node2id *  two   ACCEPTED    READY   ACTIVE
                """);
        assertThat(cli.run("node", "ls", "-q").out()).isEqualTo("node1id\nnode2id\n");
    }

    @Test
    void promotionAndDemotionChangeTheRoleThatIsWanted() {
        assertThat(changed("node", "promote", "two"))
                .isEqualTo(two().getSpec().toBuilder().setDesiredRole(NodeRole.MANAGER).build());
        fails("Node one is already a manager", "node", "promote", "one");
        fails("Node two is already a worker", "node", "demote", "two");
    }

    @Test
    void oneThatRefusesDoesNotKeepTheOthersFromIt() {
        Cli.Result result = cli.run("node", "promote", "one", "nobody", "two");
        assertThat(result.out()).isEqualTo("node2id\n");
        assertThat(result.err()).isEqualTo("osmia: Node one is already a manager; "
                + "node nobody not found; 'osmia node ls' shows what there is\n");
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void theQuorumsObjectionIsToldAsItIs() {
        cli.control.refusal = Status.FAILED_PRECONDITION.withDescription(
                "can't remove member from the raft: this would result in a loss of quorum (2 of 3)");
        fails("can't remove member from the raft: this would result in a loss of quorum (2 of 3)",
                "node", "demote", "one");
    }

    @Test
    void aRefusalThatNamesNoNodeIsToldWithItAndWithWhatToDo() {
        cli.control.refusal = Status.NOT_FOUND.withDescription("can't find manager in raft memberlist");
        fails("can't find manager in raft memberlist: node one has not joined the managers yet, then try again; "
                + "or it is lost for good, then 'osmia node rm --force one' removes it", "node", "demote", "one");
        cli.control.refusal = Status.FAILED_PRECONDITION.withDescription(
                "attempting to demote the last manager of the swarm");
        fails("attempting to demote the last manager of the swarm: node one; promote another one first",
                "node", "demote", "one");
        cli.control.refusal = Status.FAILED_PRECONDITION.withDescription(
                "node node2id is not down and can't be removed");
        fails("node node2id is not down and can't be removed; end it with 'osmia node leave' on its machine, "
                + "or say --force", "node", "rm", "two");
    }

    @Test
    void aNodeThatReportsMeanwhileIsReadAgain() {
        cli.control.late.set(1);
        assertThat(cli.run("node", "drain", "two").out()).isEqualTo("node2id\n");
        assertThat(cli.control.changes).hasSize(2);
    }

    @Test
    void updateChangesWhatItsFlagsName() {
        NodeSpec labelled = changed("node", "update", "two", "--label-add", "a=1", "--label-add=b=2",
                "--availability", "pause", "--role=manager");
        assertThat(labelled.getAnnotations().getLabelsMap()).containsOnlyKeys("a", "b");
        assertThat(labelled.getAvailability()).isEqualTo(NodeSpec.Availability.PAUSE);
        assertThat(labelled.getDesiredRole()).isEqualTo(NodeRole.MANAGER);
        cli.control.nodes.set(1, two().toBuilder().setSpec(labelled).build());
        assertThat(changed("node", "update", "two", "--label-rm", "a").getAnnotations().getLabelsMap())
                .containsOnlyKeys("b");
        assertThat(changed("node", "update", "two", "--label", "c=3").getAnnotations().getLabelsMap())
                .containsOnlyKeys("c");
        fails("No change for node two", "node", "update", "two", "--label-add", "a=1");
        fails("there is no label x to take away", "node", "update", "two", "--label-rm", "x");
    }

    @Test
    void removalIsForcedOnlyWhenAsked() {
        assertThat(cli.run("node", "rm", "two").out()).isEqualTo("two\n");
        assertThat(cli.control.onlyChange(RemoveNodeRequest.class))
                .isEqualTo(RemoveNodeRequest.newBuilder().setNodeId("node2id").build());
        cli.control.changes.clear();
        cli.run("node", "remove", "--force", "node2");
        assertThat(cli.control.onlyChange(RemoveNodeRequest.class).getForce()).isTrue();
    }

    @Test
    void inspectTellsTheEvidenceAndTheCertificate() {
        cli.manager.evidence.add(NodeEvidence.newBuilder()
                .setNodeId("node2id")
                .setRegistered(FakeControl.at(Cli.NOW - 7200))
                .setLastHeartbeat(FakeControl.at(Cli.NOW - 3))
                .setLastError("connection\nreset")
                .build());
        Node.Builder two = two().toBuilder();
        two.getCertificateBuilder().setCertificate(Samples.certificate()).getStatusBuilder()
                .setState(IssuanceStatus.State.ISSUED);
        cli.control.nodes.set(1, two.build());
        assertThat(cli.run("node", "inspect", "two").out()).contains("""
                Status             :
                  State            : READY
                  Availability     : ACTIVE
                  Address          : 127.0.0.1
                  Registered       : 2 hours ago
                  Last heartbeat   : 3 seconds ago
                  Last error       : connection reset
                Certificate        :
                  Issuance         : ISSUED
                  Subject          : CN=node2id,OU=swarm-worker,O=cluster
                  Issuer           : CN=swarm-ca
                  Expires          : 2026-11-22T12:44:34Z (expired)
                """);
    }

    @Test
    void aCertificateThatNobodyCanReadIsLeftOut() {
        Node.Builder two = two().toBuilder();
        two.getCertificateBuilder().setCertificate(com.google.protobuf.ByteString.copyFromUtf8("torn"));
        cli.control.nodes.set(1, two.build());
        assertThat(cli.run("node", "inspect", "two").out()).contains("Issuance         : UNKNOWN\n");
    }
}
