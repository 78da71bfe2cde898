package io.osmia.control.internal.calls;

import static io.osmia.control.internal.TestCluster.SELF;
import static io.osmia.control.internal.TestCluster.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.osmia.wire.swarmkit.RaftMemberStatus;
import io.osmia.roles.MemberChanges;
import io.osmia.control.internal.TestCertificate;
import io.osmia.control.internal.TestCluster;
import io.osmia.roles.Membership;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.BlacklistedCertificate;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.GetNodeRequest;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ManagerStatus;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.RaftMemberStatus.Reachability;
import io.osmia.wire.swarmkit.RemoveNodeRequest;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import io.osmia.wire.swarmkit.UpdateNodeRequest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NodeCallsTest {

    private final TestCluster cluster = new TestCluster();
    private Node self = Node.getDefaultInstance();

    @BeforeEach
    void found() {
        cluster.put(
                Table.CLUSTERS, Cluster.newBuilder().setId(TestCluster.ID).build());
        self = put(node(SELF, "leader").setRole(NodeRole.MANAGER), NodeStatus.State.READY);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    @DisplayName("API-021")
    void managersShowTheirStatusInRaft() {
        put(node("w", "worker"), NodeStatus.State.READY);
        cluster.members.add(new Membership.Member(2, "m", "10.0.0.2:4242", "", false, false));
        put(node("m", "other"), NodeStatus.State.READY);
        assertThat(get(SELF).getManagerStatus()).isEqualTo(status(1, "127.0.0.1:4242", true, Reachability.REACHABLE));
        assertThat(get("w").hasManagerStatus()).isFalse();
        assertThat(list(ListNodesRequest.Filters.newBuilder()))
                .extracting(Node::getManagerStatus)
                .containsExactly(
                        status(2, "10.0.0.2:4242", false, Reachability.UNREACHABLE),
                        status(1, "127.0.0.1:4242", true, Reachability.REACHABLE),
                        ManagerStatus.getDefaultInstance());
        assertThat(cluster.get(Table.NODES, SELF).hasManagerStatus()).isFalse();
    }

    @Test
    void aNodeIsFoundByItsIdAlone() {
        assertThat(refusalOf(() -> get(""))).isEqualTo("INVALID_ARGUMENT: invalid argument");
        assertThat(refusalOf(() -> get("leader"))).isEqualTo("NOT_FOUND: node leader not found");
    }

    @Test
    @DisplayName("API-021")
    void nodesAreListedByWhatTheyAre() {
        Node.Builder labelled = node("w", "worker-1");
        labelled.getSpecBuilder().setMembership(NodeSpec.Membership.ACCEPTED);
        labelled.getSpecBuilder().getAnnotationsBuilder().putLabels("zone", "a");
        labelled.getDescriptionBuilder().getEngineBuilder().putLabels("disk", "ssd");
        put(labelled, NodeStatus.State.READY);
        assertThat(ids(ListNodesRequest.Filters.newBuilder().addRoles(NodeRole.MANAGER))).containsExactly(SELF);
        assertThat(ids(ListNodesRequest.Filters.newBuilder().addRoles(NodeRole.WORKER))).containsExactly("w");
        assertThat(ids(ListNodesRequest.Filters.newBuilder().addMemberships(NodeSpec.Membership.ACCEPTED)))
                .containsExactly("w");
        assertThat(ids(ListNodesRequest.Filters.newBuilder().addNames("worker-1"))).containsExactly("w");
        assertThat(ids(ListNodesRequest.Filters.newBuilder().addNamePrefixes("lead"))).containsExactly(SELF);
        assertThat(ids(ListNodesRequest.Filters.newBuilder().putLabels("disk", "ssd"))).containsExactly("w");
        assertThat(ids(ListNodesRequest.Filters.newBuilder().putNodeLabels("zone", ""))).containsExactly("w");
        assertThat(ids(ListNodesRequest.Filters.newBuilder().putNodeLabels("disk", ""))).isEmpty();
        assertThat(ids(ListNodesRequest.Filters.newBuilder().addRolesValue(99))).isEmpty();
        assertThat(ids(ListNodesRequest.Filters.newBuilder().addMembershipsValue(99))).isEmpty();
    }

    @Test
    void availabilityAndLabelsCanBeChanged() {
        NodeSpec.Builder spec = self.getSpec().toBuilder().setAvailability(NodeSpec.Availability.DRAIN);
        spec.getAnnotationsBuilder().putLabels("zone", "b");
        Node updated = update(self, spec);
        assertThat(updated.getSpec()).isEqualTo(spec.build());
        assertThat(updated.hasManagerStatus()).isTrue();
        assertThat(cluster.get(Table.NODES, SELF).getSpec()).isEqualTo(spec.build());
        assertThat(refusalOf(() -> update(self, spec))).isEqualTo("UNKNOWN: update out of sequence");
    }

    @Test
    @DisplayName("rule 1.5.3")
    void theLastManagerStaysOne() {
        Node manager = asManager(self);
        assertThat(refusalOf(() -> update(manager, manager.getSpec().toBuilder().setDesiredRole(NodeRole.WORKER))))
                .isEqualTo("FAILED_PRECONDITION: attempting to demote the last manager of the swarm");
    }

    @Test
    void aWorkerIsPromoted() {
        Node worker = put(node("w", "worker"), NodeStatus.State.READY);

        update(worker, worker.getSpec().toBuilder().setDesiredRole(NodeRole.MANAGER));

        assertThat(cluster.get(Table.NODES, "w").getSpec().getDesiredRole()).isEqualTo(NodeRole.MANAGER);
    }

    /** Three managers: {@code m2} answers, {@code m3} does not. */
    private Node threeManagers() {
        asManager(self);
        put(node("m3", "three").setRole(NodeRole.MANAGER), NodeStatus.State.DOWN);
        Node.Builder second = node("m2", "two").setRole(NodeRole.MANAGER);
        second.getSpecBuilder().setDesiredRole(NodeRole.MANAGER);
        Node put = put(second, NodeStatus.State.READY);
        cluster.members.add(new Membership.Member(2, "m2", "127.0.0.1:4243", "", false, true));
        cluster.members.add(new Membership.Member(3, "m3", "127.0.0.1:4244", "", false, false));
        return put;
    }

    @Test
    @DisplayName("API-024")
    void aManagerThatIsNeededForTheQuorumStaysOne() {
        Node second = threeManagers();
        cluster.objections.put(2L, new MemberChanges.QuorumLoss(3, 2, 2, 1));
        NodeSpec.Builder worker = second.getSpec().toBuilder().setDesiredRole(NodeRole.WORKER);

        assertThat(refusalOf(() -> update(second, worker)))
                .isEqualTo("FAILED_PRECONDITION: can't remove member from the raft: this would result in a loss of"
                        + " quorum [2 of 3 managers reachable now, 1 of 2 after; 2 needed]");
        cluster.objections.clear();
        update(second, worker);

        assertThat(cluster.get(Table.NODES, "m2").getSpec().getDesiredRole()).isEqualTo(NodeRole.WORKER);
    }

    @Test
    @DisplayName("API-024")
    void aManagerThatRaftDoesNotKnowIsNotDemoted() {
        Node second = threeManagers();
        cluster.members.removeIf(member -> member.nodeId().equals("m2"));

        assertThat(refusalOf(() -> update(second, second.getSpec().toBuilder().setDesiredRole(NodeRole.WORKER))))
                .isEqualTo("NOT_FOUND: can't find manager in raft memberlist");
    }

    @Test
    @DisplayName("API-021, API-022 with several managers")
    void managersAreShownAsRaftSeesThemAndRemovedOnceDemoted() {
        Node second = threeManagers();
        assertThat(refusalOf(() -> remove("m2", true)))
                .isEqualTo("FAILED_PRECONDITION: node m2 is a cluster manager and is a member of the raft cluster. It"
                        + " must be demoted to worker before removal");
        assertThat(cluster.api
                .getNode(GetNodeRequest.newBuilder().setNodeId("m3").build())
                .getNode()
                .getManagerStatus())
                .satisfies(status -> {
                    assertThat(status.getRaftId()).isEqualTo(3);
                    assertThat(status.getAddr()).isEqualTo("127.0.0.1:4244");
                    assertThat(status.getLeader()).isFalse();
                    assertThat(status.getReachability()).isEqualTo(RaftMemberStatus.Reachability.UNREACHABLE);
                });

        update(second, second.getSpec().toBuilder().setDesiredRole(NodeRole.WORKER));
        remove("m2", true);

        assertThat(cluster.store.view().get(Table.NODES, "m2")).isNull();
    }

    @Test
    void anUpdateNeedsIdVersionAndSpec() {
        UpdateNodeRequest good = request(self, self.getSpec().toBuilder());
        assertThat(List.of(
                good.toBuilder().clearNodeId().build(),
                good.toBuilder().clearNodeVersion().build(),
                good.toBuilder().clearSpec().build()))
                .allSatisfy(request -> assertThat(refusalOf(() -> cluster.api.updateNode(request)))
                        .isEqualTo("INVALID_ARGUMENT: invalid argument"));
        assertThat(refusalOf(() -> cluster.api.updateNode(good.toBuilder().setNodeId("x").build())))
                .isEqualTo("NOT_FOUND: node x not found");
    }

    @Test
    @DisplayName("API-022")
    void aLiveNodeIsRemovedByForceOnly() {
        put(node("w", "worker"), NodeStatus.State.READY);
        assertThat(refusalOf(() -> remove("w", false)))
                .isEqualTo("FAILED_PRECONDITION: node w is not down and can't be removed");
        remove("w", true);
        assertThat(refusalOf(() -> remove("w", true))).isEqualTo("NOT_FOUND: node w not found");
        assertThat(refusalOf(() -> remove("", true))).isEqualTo("INVALID_ARGUMENT: invalid argument");
    }

    @Test
    @DisplayName("API-022")
    void aMemberOfRaftIsNotRemoved() {
        asManager(self);
        assertThat(refusalOf(() -> remove(SELF, true)))
                .isEqualTo("FAILED_PRECONDITION: node " + SELF + " is a cluster manager and is a member of the raft"
                        + " cluster. It must be demoted to worker before removal");
    }

    @Test
    @DisplayName("API-022")
    void theCertificateOfARemovedNodeIsBlacklisted() {
        Node.Builder node = node("w", "worker");
        node.getCertificateBuilder().setCertificate(TestCertificate.PEM);
        put(node, NodeStatus.State.DOWN);
        put(node("x", "without-certificate"), NodeStatus.State.DOWN);
        remove("w", false);
        remove("x", false);
        assertThat(cluster.get(Table.CLUSTERS, TestCluster.ID).getBlacklistedCertificatesMap())
                .containsOnlyKeys("w", "x")
                .containsEntry(
                        "w",
                        BlacklistedCertificate.newBuilder()
                                .setExpiry(TestCertificate.EXPIRY)
                                .build())
                .containsEntry("x", BlacklistedCertificate.getDefaultInstance());
    }

    @Test
    @DisplayName("rule 1.5.4")
    void aRemovalSweepsTheBlacklist() {
        Cluster stored = cluster.get(Table.CLUSTERS, TestCluster.ID);
        Timestamp old = Timestamps.fromMillis(cluster.now.minusSeconds(8 * 86_400).toEpochMilli());
        cluster.replace(
                Table.CLUSTERS,
                stored.toBuilder()
                        .putBlacklistedCertificates(
                                "old",
                                BlacklistedCertificate.newBuilder()
                                        .setExpiry(old)
                                        .build())
                        .build());
        put(node("w", "worker"), NodeStatus.State.DOWN);
        remove("w", false);
        assertThat(cluster.get(Table.CLUSTERS, TestCluster.ID).getBlacklistedCertificatesMap())
                .containsOnlyKeys("w");
    }

    @Test
    @DisplayName("API-022")
    void tasksOfARemovedNodeAreOrphans() {
        put(node("w", "worker"), NodeStatus.State.DOWN);
        task("running", "w", TaskState.RUNNING);
        task("done", "w", TaskState.COMPLETE);
        task("elsewhere", SELF, TaskState.RUNNING);
        remove("w", false);
        TaskStatus orphan = cluster.get(Table.TASKS, "running").getStatus();
        assertThat(orphan.getState()).isEqualTo(TaskState.ORPHANED);
        assertThat(orphan.getMessage()).isEqualTo("Task belonged to a node that has been deleted");
        assertThat(Timestamps.toMillis(orphan.getTimestamp())).isEqualTo(cluster.now.toEpochMilli());
        assertThat(cluster.get(Table.TASKS, "done").getStatus().getState()).isEqualTo(TaskState.COMPLETE);
        assertThat(cluster.get(Table.TASKS, "elsewhere").getStatus().getState()).isEqualTo(TaskState.RUNNING);
    }

    private static Node.Builder node(String id, String hostname) {
        Node.Builder node = Node.newBuilder().setId(id);
        node.getDescriptionBuilder().setHostname(hostname);
        return node;
    }

    private Node put(Node.Builder node, NodeStatus.State state) {
        node.getStatusBuilder().setState(state);
        return cluster.put(Table.NODES, node.build());
    }

    private void task(String id, String node, TaskState state) {
        cluster.put(
                Table.TASKS,
                Task.newBuilder()
                        .setId(id)
                        .setNodeId(node)
                        .setStatus(TaskStatus.newBuilder().setState(state))
                        .build());
    }

    private static ManagerStatus status(long raftId, String address, boolean leader, Reachability reachability) {
        return ManagerStatus.newBuilder()
                .setRaftId(raftId)
                .setAddr(address)
                .setLeader(leader)
                .setReachability(reachability)
                .build();
    }

    private Node get(String id) {
        return cluster.api
                .getNode(GetNodeRequest.newBuilder().setNodeId(id).build())
                .getNode();
    }

    private List<Node> list(ListNodesRequest.Filters.Builder filters) {
        return cluster.api
                .listNodes(ListNodesRequest.newBuilder().setFilters(filters).build())
                .getNodesList();
    }

    private List<String> ids(ListNodesRequest.Filters.Builder filters) {
        return list(filters).stream().map(Node::getId).toList();
    }

    private Node update(Node node, NodeSpec.Builder spec) {
        return cluster.api.updateNode(request(node, spec)).getNode();
    }

    /** Past the API, which cannot do that yet. */
    private Node asManager(Node node) {
        Node.Builder manager = node.toBuilder();
        manager.getSpecBuilder().setDesiredRole(NodeRole.MANAGER);
        return cluster.replace(Table.NODES, manager.build());
    }

    private static UpdateNodeRequest request(Node node, NodeSpec.Builder spec) {
        return UpdateNodeRequest.newBuilder()
                .setNodeId(node.getId())
                .setNodeVersion(node.getMeta().getVersion())
                .setSpec(spec)
                .build();
    }

    private void remove(String id, boolean force) {
        RemoveNodeRequest request = RemoveNodeRequest.newBuilder()
                .setNodeId(id)
                .setForce(force)
                .build();
        assertThat(cluster.api.removeNode(request)).isNotNull();
    }
}
