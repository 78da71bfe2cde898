package io.osmia.control.internal.calls;

import io.osmia.roles.Membership;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.GetNodeRequest;
import io.osmia.wire.swarmkit.GetNodeResponse;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListNodesResponse;
import io.osmia.wire.swarmkit.ManagerStatus;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.RaftMemberStatus.Reachability;
import java.util.List;

/** Nodes as they are shown (rule 1.5). */
public final class NodeQueries {

    private final StoreAccess store;
    private final Membership membership;

    public NodeQueries(StoreAccess store, Membership membership) {
        this.store = store;
        this.membership = membership;
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
                        NodeQueries::role,
                        node -> filters.getRolesList().contains(node.getRole()))
                .filter(
                        filters.getMembershipsList(),
                        NodeQueries::membership,
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
    static Node withManagerStatus(Node node, List<Membership.Member> members) {
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
}
