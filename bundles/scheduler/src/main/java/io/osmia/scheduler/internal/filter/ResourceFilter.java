package io.osmia.scheduler.internal.filter;

import io.osmia.scheduler.internal.cluster.NodeState;
import io.osmia.wire.swarmkit.Resources;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import java.util.Optional;

/** What the task reserves must be free (rule 4.3, 2). */
record ResourceFilter(Resources reservation) implements Filter {

    static Optional<Filter> of(Task task) {
        Resources reserved = NodeState.reservation(task);
        boolean any = reserved.getNanoCpus() != 0 || reserved.getMemoryBytes() != 0 || reserved.getGenericCount() != 0;
        return any ? Optional.of(new ResourceFilter(reserved)) : Optional.empty();
    }

    @Override
    public boolean passes(NodeState node) {
        return node.fits(reservation);
    }

    @Override
    public String explain(List<NodeState> failing) {
        return Filter.on("insufficient resources", failing);
    }

    @Override
    public boolean changing() {
        return true;
    }
}
