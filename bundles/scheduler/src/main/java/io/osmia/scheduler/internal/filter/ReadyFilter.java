package io.osmia.scheduler.internal.filter;

import io.osmia.scheduler.internal.cluster.NodeState;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.NodeStatus;
import java.util.List;

/** The node must be ready and take new tasks (rule 4.3, 1). */
record ReadyFilter() implements Filter {

    @Override
    public boolean passes(NodeState node) {
        return node.node().getStatus().getState() == NodeStatus.State.READY
                && node.node().getSpec().getAvailability() == NodeSpec.Availability.ACTIVE;
    }

    @Override
    public String explain(List<NodeState> failing) {
        return Filter.count(failing) + " not available for new tasks";
    }
}
