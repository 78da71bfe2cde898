package io.osmia.control.internal.calls;

import io.grpc.Status;
import io.osmia.control.internal.rules.Refusal;
import io.osmia.control.internal.support.SupportedFields;
import io.osmia.control.internal.support.Unsupported;
import io.osmia.roles.MemberChanges;
import io.osmia.roles.Membership;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.RemoveNodeRequest;
import io.osmia.wire.swarmkit.RemoveNodeResponse;
import io.osmia.wire.swarmkit.UpdateNodeRequest;
import io.osmia.wire.swarmkit.UpdateNodeResponse;
import java.util.List;
import java.util.Optional;

/** Changes of nodes (rule 1.5). */
public final class NodeCalls {

    private final StoreAccess store;
    private final Membership membership;
    private final MemberChanges changes;
    private final NodeRemoval removal;

    /** @param clusterId id of the cluster object */
    public NodeCalls(StoreAccess store, Membership membership, MemberChanges changes, String clusterId) {
        this.store = store;
        this.membership = membership;
        this.changes = changes;
        this.removal = new NodeRemoval(store, clusterId);
    }

    public UpdateNodeResponse update(UpdateNodeRequest request) {
        StoreAccess.need(!request.getNodeId().isEmpty() && request.hasNodeVersion() && request.hasSpec());
        Node updated = store.write(tx -> update(tx, request));
        return UpdateNodeResponse.newBuilder()
                .setNode(NodeQueries.withManagerStatus(updated, membership.members()))
                .build();
    }

    /** The spec is replaced as a whole (rule 1.5.3). */
    private Node update(Tx tx, UpdateNodeRequest request) {
        Node stored = StoreAccess.existing(tx, Table.NODES, request.getNodeId());
        if (isDemotion(stored, request)) {
            Refusal.raise(objection(tx, stored));
        }
        StoreAccess.sameVersion(Table.NODES, stored, request.getNodeVersion());
        Refusal.raise(Unsupported.in(SupportedFields.NODE, request.getSpec(), stored.getSpec()));
        return tx.update(
                Table.NODES, stored.toBuilder().setSpec(request.getSpec()).build());
    }

    private static boolean isDemotion(Node stored, UpdateNodeRequest request) {
        return stored.getSpec().getDesiredRole() == NodeRole.MANAGER
                && request.getSpec().getDesiredRole() == NodeRole.WORKER;
    }

    /** Why a manager may not become a worker now. */
    private Optional<Refusal> objection(Tx tx, Node node) {
        if (isLastManager(tx, node)) {
            return Optional.of(Refusal.precondition("attempting to demote the last manager of the swarm"));
        }
        Optional<Membership.Member> member = membership.members().stream()
                .filter(candidate -> candidate.nodeId().equals(node.getId()))
                .findFirst();
        if (member.isEmpty()) {
            return Optional.of(new Refusal(Status.Code.NOT_FOUND, "can't find manager in raft memberlist"));
        }
        return changes.objection(member.get().raftId())
                .map(loss -> Refusal.precondition(
                        "can't remove member from the raft: this would result in a loss of quorum " + loss));
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
