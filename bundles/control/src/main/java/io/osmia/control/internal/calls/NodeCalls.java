package io.osmia.control.internal.calls;

import io.osmia.control.internal.rules.Refusal;
import io.osmia.control.internal.support.SupportedFields;
import io.osmia.control.internal.support.Unsupported;
import io.osmia.roles.Membership;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.GetNodeRequest;
import io.osmia.wire.swarmkit.GetNodeResponse;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListNodesResponse;
import io.osmia.wire.swarmkit.ManagerStatus;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.RaftMemberStatus.Reachability;
import io.osmia.wire.swarmkit.RemoveNodeRequest;
import io.osmia.wire.swarmkit.RemoveNodeResponse;
import io.osmia.wire.swarmkit.UpdateNodeRequest;
import io.osmia.wire.swarmkit.UpdateNodeResponse;
import java.util.List;

/** Calls about nodes (rule 1.5). */
public final class NodeCalls {

    private final StoreAccess store;
    private final Membership membership;
    private final NodeRemoval removal;

    /** @param clusterId id of the cluster object */
    public NodeCalls(StoreAccess store, Membership membership, String clusterId) {
        this.store = store;
        this.membership = membership;
        this.removal = new NodeRemoval(store, clusterId);
    }

    public GetNodeResponse get(GetNodeRequest request) {
        Node node = StoreAccess.existing(store.view(), Table.NODES, request.getNodeId());
        return GetNodeResponse.newBuilder()
                .setNode(withManagerStatus(node, membership.members()))
                .build();
    }

    /** Rule 1.5.2. */
    public ListNodesResponse list(ListNodesRequest request) {
        ListNodesRequest.Filters filters = request.getFilters();
        List<Node> nodes = new Selection<>(Table.NODES, (Node node) -> node.getDescription().getHostname())
                .names(filters.getNamesList())
                .namePrefixes(filters.getNamePrefixesList())
                .idPrefixes(filters.getIdPrefixesList())
                .filter(
                        filters.getRolesList(),
                        NodeCalls::role,
                        node -> filters.getRolesList().contains(node.getRole()))
                .filter(
                        filters.getMembershipsList(),
                        NodeCalls::membership,
                        node -> filters.getMembershipsList().contains(node.getSpec().getMembership()))
                .labels(
                        filters.getLabelsMap(),
                        node -> node.getDescription().getEngine().getLabelsMap())
                .labels(
                        filters.getNodeLabelsMap(),
                        node -> node.getSpec().getAnnotations().getLabelsMap())
                .from(store.view());
        List<Membership.Member> members = membership.members();
        return ListNodesResponse.newBuilder()
                .addAllNodes(nodes.stream()
                        .map(node -> withManagerStatus(node, members))
                        .toList())
                .build();
    }

    private static By role(NodeRole role) {
        return role == NodeRole.UNRECOGNIZED ? Selection.NOTHING : new By.Role(role);
    }

    private static By membership(NodeSpec.Membership membership) {
        return membership == NodeSpec.Membership.UNRECOGNIZED ? Selection.NOTHING : new By.Membership(membership);
    }

    /** Comes from raft as it is now and is never stored (rule 1.5.1). */
    private static Node withManagerStatus(Node node, List<Membership.Member> members) {
        return members.stream()
                .filter(member -> member.nodeId().equals(node.getId()))
                .findFirst()
                .map(member -> node.toBuilder().setManagerStatus(status(member)).build())
                .orElse(node);
    }

    private static ManagerStatus status(Membership.Member member) {
        return ManagerStatus.newBuilder()
                .setRaftId(member.raftId())
                .setAddr(member.address())
                .setLeader(member.leader())
                .setReachability(member.reachable() ? Reachability.REACHABLE : Reachability.UNREACHABLE)
                .build();
    }

    public UpdateNodeResponse update(UpdateNodeRequest request) {
        StoreAccess.need(!request.getNodeId().isEmpty() && request.hasNodeVersion() && request.hasSpec());
        Node updated = store.write(tx -> update(tx, request));
        return UpdateNodeResponse.newBuilder()
                .setNode(withManagerStatus(updated, membership.members()))
                .build();
    }

    /** The spec is replaced as a whole (rule 1.5.3). */
    private Node update(Tx tx, UpdateNodeRequest request) {
        Node stored = StoreAccess.existing(tx, Table.NODES, request.getNodeId());
        boolean demotion = stored.getSpec().getDesiredRole() == NodeRole.MANAGER
                && request.getSpec().getDesiredRole() == NodeRole.WORKER;
        if (demotion && isLastManager(tx, stored)) {
            throw Refusal.precondition("attempting to demote the last manager of the swarm")
                    .exception();
        }
        StoreAccess.sameVersion(Table.NODES, stored, request.getNodeVersion());
        Refusal.raise(Unsupported.in(SupportedFields.NODE, request.getSpec(), stored.getSpec()));
        return tx.update(
                Table.NODES, stored.toBuilder().setSpec(request.getSpec()).build());
    }

    private static boolean isLastManager(Tx tx, Node node) {
        List<Node> managers = tx.find(Table.NODES, new By.Role(NodeRole.MANAGER));
        return managers.size() == 1 && managers.getFirst().getId().equals(node.getId());
    }

    /** Rule 1.5.4. */
    public RemoveNodeResponse remove(RemoveNodeRequest request) {
        store.write(tx -> {
            Node stored = StoreAccess.existing(tx, Table.NODES, request.getNodeId());
            Refusal.raise(removal.objection(stored, request.getForce(), membership.members()));
            removal.carryOut(tx, stored);
            return stored;
        });
        return RemoveNodeResponse.getDefaultInstance();
    }
}
