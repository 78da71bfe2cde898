package io.osmia.control.internal.calls;

import com.google.protobuf.Timestamp;
import io.osmia.control.internal.rules.Refusal;
import io.osmia.roles.Membership;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.BlacklistedCertificate;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.util.List;
import java.util.Optional;

/** Removes a node: its certificate is worth nothing any more, its tasks are orphans (rule 1.5.4). */
final class NodeRemoval {

    private static final String ORPHANED = "Task belonged to a node that has been deleted";

    private final StoreAccess store;
    private final String clusterId;

    NodeRemoval(StoreAccess store, String clusterId) {
        this.store = store;
        this.clusterId = clusterId;
    }

    /** Why the node may not be removed now. */
    Optional<Refusal> objection(Node node, boolean force, List<Membership.Member> members) {
        String id = node.getId();
        if (node.getSpec().getDesiredRole() == NodeRole.MANAGER
                && members.stream().anyMatch(member -> member.nodeId().equals(id))) {
            return Optional.of(Refusal.precondition("node " + id + " is a cluster manager and is a member of the raft"
                    + " cluster. It must be demoted to worker before removal"));
        }
        if (!force && node.getStatus().getState() == NodeStatus.State.READY) {
            return Optional.of(Refusal.precondition("node " + id + " is not down and can't be removed"));
        }
        return Optional.empty();
    }

    void carryOut(Tx tx, Node node) {
        Timestamp now = store.now();
        blacklist(tx, node, now);
        for (Task task : tx.find(Table.TASKS, By.node(node.getId()))) {
            if (task.getStatus().getStateValue() < TaskState.COMPLETE_VALUE) {
                tx.update(Table.TASKS, task.toBuilder().setStatus(orphaned(now)).build());
            }
        }
        tx.delete(Table.NODES, node.getId());
    }

    private void blacklist(Tx tx, Node node, Timestamp now) {
        Cluster cluster = tx.get(Table.CLUSTERS, clusterId);
        if (cluster == null) {
            return;
        }
        BlacklistedCertificate.Builder entry = BlacklistedCertificate.newBuilder();
        Blacklist.expiry(node.getCertificate()).ifPresent(entry::setExpiry);
        Cluster.Builder changed = Blacklist.purged(cluster, now).toBuilder();
        changed.putBlacklistedCertificates(node.getId(), entry.build());
        tx.update(Table.CLUSTERS, changed.build());
    }

    private static TaskStatus orphaned(Timestamp now) {
        return TaskStatus.newBuilder()
                .setTimestamp(now)
                .setState(TaskState.ORPHANED)
                .setMessage(ORPHANED)
                .build();
    }
}
