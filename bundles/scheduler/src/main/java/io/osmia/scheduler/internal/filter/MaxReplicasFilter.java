package io.osmia.scheduler.internal.filter;

import io.osmia.scheduler.internal.cluster.NodeState;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import java.util.Optional;

/** A node takes only so many tasks of one service (rule 4.3, 7). */
record MaxReplicasFilter(String serviceId, long most) implements Filter {

    static Optional<Filter> of(Task task) {
        long most = task.getSpec().getPlacement().getMaxReplicas();
        return most == 0 ? Optional.empty() : Optional.of(new MaxReplicasFilter(task.getServiceId(), most));
    }

    @Override
    public boolean passes(NodeState node) {
        // the limit is an unsigned number
        return Long.compareUnsigned(node.activeTasks(serviceId), most) < 0;
    }

    @Override
    public String explain(List<NodeState> failing) {
        return "max replicas per node limit exceed";
    }

    @Override
    public boolean changing() {
        return true;
    }
}
