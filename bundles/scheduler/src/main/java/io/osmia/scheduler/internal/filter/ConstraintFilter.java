package io.osmia.scheduler.internal.filter;

import io.osmia.scheduler.PlacementRules.Match;
import io.osmia.scheduler.internal.cluster.NodeState;
import io.osmia.scheduler.internal.plugin.ConstraintCompiler;
import io.osmia.scheduler.internal.plugin.Constraints;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import java.util.Optional;

/** The node must meet the placement constraints (rules 4.3, 4 and 3.10). */
record ConstraintFilter(Constraints constraints) implements Filter {

    static Optional<Filter> of(Task task, ConstraintCompiler compiler) {
        Constraints constraints = compiler.compile(task.getSpec().getPlacement().getConstraintsList());
        return constraints.tests().isEmpty() ? Optional.empty() : Optional.of(new ConstraintFilter(constraints));
    }

    @Override
    public boolean passes(NodeState node) {
        return constraints.check(node.facts()) == Match.YES;
    }

    @Override
    public String explain(List<NodeState> failing) {
        String text = Filter.on("scheduling constraints not satisfied", failing);
        return constraints.obstacle().map(reason -> text + " (" + reason + ")").orElse(text);
    }
}
