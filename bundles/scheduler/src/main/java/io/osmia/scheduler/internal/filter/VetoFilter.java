package io.osmia.scheduler.internal.filter;

import io.osmia.api.scheduling.Candidate;
import io.osmia.api.scheduling.NodeFilter;
import io.osmia.api.scheduling.NodeFilter.Veto;
import io.osmia.api.scheduling.TaskGroup;
import io.osmia.scheduler.internal.cluster.NodeState;
import io.osmia.scheduler.internal.plugin.Installed;
import io.osmia.scheduler.internal.plugin.Lifeline;
import io.osmia.scheduler.internal.plugin.PluginFault;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A plugin's condition; runs after the built-in ones. */
record VetoFilter(
        Installed<NodeFilter> filter,
        TaskGroup group,
        Function<NodeState, Candidate> candidates,
        Lifeline lifeline)
        implements Filter {

    @Override
    public boolean passes(NodeState node) {
        return veto(node).isEmpty();
    }

    private Optional<Veto> veto(NodeState node) {
        Candidate candidate = candidates.apply(node);
        @Nullable Optional<Veto> veto;
        lifeline.enter(filter);
        try {
            veto = filter.plugin().veto(group, candidate);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            throw PluginFault.thrown(filter, e);
        } finally {
            lifeline.leave();
        }
        if (veto == null) {
            throw new PluginFault(filter, "gave no answer", null);
        }
        return veto;
    }

    @Override
    public String explain(List<NodeState> failing) {
        String reason = veto(failing.getFirst()).map(Veto::reason).orElse("vetoed by " + filter.name());
        return Filter.on(reason, failing);
    }

    @Override
    public boolean changing() {
        return true;
    }
}
