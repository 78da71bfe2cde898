package io.osmia.scheduler.internal.placement;

import io.osmia.scheduler.internal.cluster.NodeState;
import io.osmia.wire.swarmkit.Task;

/**
 * A task that found its node.
 *
 * @param task as it will be stored, accounted for already
 * @param nodeVersion version of the node that the choice rests on
 */
public record Placed(Task task, long nodeVersion) {

    public static Placed of(Task task, NodeState node) {
        return new Placed(task, node.node().getMeta().getVersion().getIndex());
    }
}
