package io.osmia.dispatcher.internal;

import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeDescription;
import io.osmia.wire.swarmkit.NodeStatus;
import org.jspecify.annotations.Nullable;

/**
 * A change of a node's status that has yet to be written.
 *
 * @param addr address of the node; empty to keep the stored one
 * @param description what the node says of itself; null to keep the stored one
 */
record NodeWrite(
        String nodeId, NodeStatus.State state, String message, String addr, @Nullable NodeDescription description) {

    static NodeWrite of(String nodeId, NodeStatus.State state, String message) {
        return new NodeWrite(nodeId, state, message, "", null);
    }

    /** This one after an earlier one that was not written yet. */
    NodeWrite after(@Nullable NodeWrite earlier) {
        if (earlier == null) {
            return this;
        }
        return new NodeWrite(
                nodeId,
                state,
                message,
                addr.isEmpty() ? earlier.addr : addr,
                description == null ? earlier.description : description);
    }

    /** Writes it; a node that is gone meanwhile is left alone, and so is one that already is as it should be. */
    void apply(Tx tx) {
        Node node = tx.get(Table.NODES, nodeId);
        if (node == null) {
            return;
        }
        Node.Builder next = node.toBuilder();
        next.getStatusBuilder().setState(state).setMessage(message);
        if (!addr.isEmpty()) {
            next.getStatusBuilder().setAddr(addr);
        }
        if (description != null) {
            next.setDescription(description);
        }
        Node changed = next.build();
        if (!changed.equals(node)) {
            tx.update(Table.NODES, changed);
        }
    }
}
