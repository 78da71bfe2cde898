package io.osmia.scheduler.internal.filter;

import io.osmia.scheduler.internal.cluster.HostPort;
import io.osmia.scheduler.internal.cluster.NodeState;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import java.util.Optional;

/** The ports that the task publishes on its host must be free there (rule 4.3, 6). */
record HostPortFilter(List<HostPort> ports) implements Filter {

    static Optional<Filter> of(Task task) {
        List<HostPort> ports = HostPort.of(task);
        return ports.isEmpty() ? Optional.empty() : Optional.of(new HostPortFilter(ports));
    }

    @Override
    public boolean passes(NodeState node) {
        return ports.stream().noneMatch(node::uses);
    }

    @Override
    public String explain(List<NodeState> failing) {
        return Filter.on("host-mode port already in use", failing);
    }

    @Override
    public boolean changing() {
        return true;
    }
}
