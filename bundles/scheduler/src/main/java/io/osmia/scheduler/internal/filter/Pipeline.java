package io.osmia.scheduler.internal.filter;

import io.osmia.api.scheduling.Candidate;
import io.osmia.api.scheduling.TaskGroup;
import io.osmia.scheduler.internal.cluster.NodeState;
import io.osmia.scheduler.internal.plugin.Containment;
import io.osmia.scheduler.internal.plugin.Lifeline;
import io.osmia.scheduler.internal.plugin.ConstraintCompiler;
import io.osmia.wire.swarmkit.Task;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The conditions for a group of equal tasks, in the order of rule 4.3; what is not asked for is left out. */
public final class Pipeline {

    private final List<Filter> filters;
    private final List<Filter> changing;

    private Pipeline(List<Filter> filters) {
        this.filters = filters;
        this.changing = filters.stream().filter(Filter::changing).toList();
    }

    /**
     * The conditions of a task.
     *
     * @param compiler holds the plugins, whose own filters come last
     * @param containment says which of them are not to be asked
     * @param candidates a node as filters of plugins see it
     * @param lifeline of the attempt that this belongs to
     */
    public static Pipeline of(
            Task task,
            TaskGroup group,
            ConstraintCompiler compiler,
            Containment containment,
            Function<NodeState, Candidate> candidates, Lifeline lifeline) {
        List<Filter> filters = new ArrayList<>();
        filters.add(new ReadyFilter());
        ResourceFilter.of(task).ifPresent(filters::add);
        PluginFilter.of(task).ifPresent(filters::add);
        ExecutorFilter.of(task).ifPresent(filters::add);
        ConstraintFilter.of(task, compiler).ifPresent(filters::add);
        PlatformFilter.of(task).ifPresent(filters::add);
        HostPortFilter.of(task).ifPresent(filters::add);
        MaxReplicasFilter.of(task).ifPresent(filters::add);
        compiler.plugins().filters().values().stream()
                .filter(filter -> !containment.setAside(filter))
                .forEach(filter -> filters.add(new VetoFilter(filter, group, candidates, lifeline)));
        return new Pipeline(List.copyOf(filters));
    }

    /** Whether the node may get a task of the group. */
    public boolean passes(NodeState node) {
        return filters.stream().allMatch(filter -> filter.passes(node));
    }

    /** Whether a node that passed may get another one, after it or others got some. */
    public boolean stillPasses(NodeState node) {
        return changing.stream().allMatch(filter -> filter.passes(node));
    }

    /**
     * Why the nodes get nothing: each counts for the first condition that it fails, the most frequent ones stand first (rule
     * 4.3.1). Empty when there are no nodes or one of them passes.
     */
    public String explain(Collection<NodeState> nodes) {
        List<List<NodeState>> failing = filters.stream().<List<NodeState>>map(filter -> new ArrayList<>()).toList();
        for (NodeState node : nodes) {
            int first = firstFailing(node);
            if (first == filters.size()) {
                return "";
            }
            failing.get(first).add(node);
        }
        return IntStream.range(0, filters.size())
                .boxed()
                .filter(index -> !failing.get(index).isEmpty())
                .sorted(Comparator.comparing(index -> -failing.get(index).size()))
                .map(index -> filters.get(index).explain(failing.get(index)))
                .collect(Collectors.joining("; "));
    }

    private int firstFailing(NodeState node) {
        int index = 0;
        while (index < filters.size() && filters.get(index).passes(node)) {
            index++;
        }
        return index;
    }
}
