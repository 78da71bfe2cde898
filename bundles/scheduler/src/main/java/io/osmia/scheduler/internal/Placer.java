package io.osmia.scheduler.internal;

import io.osmia.api.scheduling.Candidate;
import io.osmia.api.scheduling.SchedulingStrategy;
import io.osmia.scheduler.internal.cluster.Accounting;
import io.osmia.scheduler.internal.cluster.FailureMemory;
import io.osmia.scheduler.internal.cluster.NodeState;
import io.osmia.scheduler.internal.filter.Pipeline;
import io.osmia.scheduler.internal.placement.GroupPlacement;
import io.osmia.scheduler.internal.placement.Placed;
import io.osmia.scheduler.internal.plugin.Attempts;
import io.osmia.scheduler.internal.plugin.ConstraintCompiler;
import io.osmia.scheduler.internal.plugin.Containment;
import io.osmia.scheduler.internal.plugin.GuardedOrder;
import io.osmia.scheduler.internal.plugin.Installed;
import io.osmia.scheduler.internal.plugin.Lifeline;
import io.osmia.scheduler.internal.plugin.PluginFault;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides about groups and single tasks; accounts for what it assigns. Used by one thread. */
final class Placer {

    private static final Logger LOG = LoggerFactory.getLogger(Placer.class);

    private static final String NO_NODE = "no suitable node";
    private static final String NO_STRATEGY = "";

    /** Stands in for a strategy that failed too often, where the service allows it; the id decides between equals. */
    private static final Comparator<Candidate> PLAIN = Comparator.comparingInt(Candidate::activeTasks)
            .thenComparing(candidate -> candidate.node().id());

    private final Accounting accounting;
    private final FailureMemory failures;
    private final Containment containment;
    private final Supplier<ConstraintCompiler> plugins;
    private final Attempts attempts;
    private final Supplier<Instant> time;

    /**
     * @param plugins those installed now
     * @param attempts runs what calls plugins
     * @param time measures plugins
     */
    Placer(
            Accounting accounting,
            FailureMemory failures,
            Containment containment,
            Supplier<ConstraintCompiler> plugins,
            Attempts attempts,
            Supplier<Instant> time) {
        this.accounting = accounting;
        this.failures = failures;
        this.containment = containment;
        this.plugins = plugins;
        this.attempts = attempts;
        this.time = time;
    }

    /** Rule 4.4. */
    GroupOutcome place(View view, List<Task> tasks, Instant now) {
        List<Decision> retired = tasks.stream()
                .filter(task -> !Ledger.wanted(task))
                .<Decision>map(task -> new Decision.Retire(Statuses.retired(task, now)))
                .toList();
        List<Task> wanted = tasks.stream().filter(Ledger::wanted).toList();
        if (wanted.isEmpty()) {
            return new GroupOutcome("", "", NO_STRATEGY, retired, List.of(), false);
        }
        GroupOutcome outcome = placeWanted(Group.of(view, wanted), now);
        List<Decision> all = new ArrayList<>(retired);
        all.addAll(outcome.decisions());
        return new GroupOutcome(
                outcome.serviceId(),
                outcome.serviceName(),
                outcome.strategy(),
                all,
                outcome.dropped(),
                outcome.again());
    }

    private GroupOutcome placeWanted(Group group, Instant now) {
        StrategyChoice choice = group.strategy();
        Optional<Installed<SchedulingStrategy>> strategy = plugins.get().plugins().strategy(choice.name());
        if (strategy.isEmpty()) {
            return leave(group, "strategy " + choice.name() + " is not installed", now);
        }
        boolean setAside = containment.setAside(strategy.get());
        if (setAside && choice.insists()) {
            return leave(group, "strategy " + strategy.get().label() + " failed too often", now);
        }
        return placeWith(group, setAside ? null : strategy.get(), now);
    }

    private GroupOutcome placeWith(Group group, @Nullable Installed<SchedulingStrategy> strategy, Instant now) {
        List<Placed> placed = new ArrayList<>();
        try {
            GroupOutcome outcome = attempts.run(lifeline -> attempt(group, strategy, placed, lifeline, now));
            worked(strategy);
            return outcome;
        } catch (PluginFault fault) {
            placed.forEach(one -> accounting.remove(one.task().getId()));
            contain(fault);
            return new GroupOutcome(
                    group.serviceId(), group.serviceName(), NO_STRATEGY, List.of(), List.of(), true);
        }
    }

    private GroupOutcome attempt(
            Group group,
            @Nullable Installed<SchedulingStrategy> strategy,
            List<Placed> placed,
            Lifeline lifeline,
            Instant now) {
        Function<NodeState, Candidate> candidates = node -> group.candidate(node, failures, now);
        Pipeline pipeline = pipeline(group, candidates, lifeline);
        // no strategy can help where no node passes, and such groups are looked at again and again
        if (accounting.nodes().stream().anyMatch(pipeline::passes)) {
            BiFunction<Task, NodeState, Task> assigned =
                    (task, node) -> Statuses.assigned(task, node, Statuses.ASSIGNED, now);
            if (strategy == null) {
                new GroupPlacement(accounting, pipeline, PLAIN, candidates, assigned, placed).place(group.tasks());
            } else {
                GuardedOrder order = GuardedOrder.of(strategy, group.forPlugins(), lifeline, time);
                order.guard(() -> new GroupPlacement(accounting, pipeline, order, candidates, assigned, placed)
                        .place(group.tasks()));
            }
        }
        return outcome(group, placed, strategy, pipeline, now);
    }

    private Pipeline pipeline(Group group, Function<NodeState, Candidate> candidates, Lifeline lifeline) {
        return Pipeline.of(group.sample(), group.forPlugins(), plugins.get(), containment, candidates, lifeline);
    }

    private void worked(@Nullable Installed<SchedulingStrategy> strategy) {
        if (strategy != null) {
            containment.success(strategy);
        }
        plugins.get().plugins().filters().values().forEach(containment::success);
    }

    private GroupOutcome outcome(
            Group group,
            List<Placed> placed,
            @Nullable Installed<SchedulingStrategy> strategy,
            Pipeline pipeline,
            Instant now) {
        List<Decision> decisions = new ArrayList<>();
        Set<String> done = new HashSet<>();
        for (Placed one : placed) {
            decisions.add(new Decision.Assign(one.task(), one.nodeVersion()));
            done.add(one.task().getId());
        }
        List<Task> left = group.tasks().stream().filter(task -> !done.contains(task.getId())).toList();
        List<Task> dropped = List.of();
        if (group.orphaned() || group.outdated()) {
            dropped = left;
        } else if (!left.isEmpty()) {
            decisions.addAll(refuse(left, pipeline.explain(accounting.nodes()), now));
        }
        String label = strategy == null ? "the built-in order" : strategy.label();
        return new GroupOutcome(group.serviceId(), group.serviceName(), label, decisions, dropped, false);
    }

    private static GroupOutcome leave(Group group, String reason, Instant now) {
        boolean drop = group.orphaned() || group.outdated();
        return new GroupOutcome(
                group.serviceId(),
                group.serviceName(),
                NO_STRATEGY,
                drop ? List.of() : refuse(group.tasks(), reason, now),
                drop ? group.tasks() : List.of(),
                false);
    }

    private static List<Decision> refuse(List<Task> tasks, String explanation, Instant now) {
        String error = explanation.isEmpty() ? NO_NODE : NO_NODE + " (" + explanation + ")";
        return tasks.stream()
                .filter(task -> !task.getStatus().getErr().equals(error))
                .<Decision>map(task -> new Decision.Refuse(Statuses.refused(task, error, now)))
                .toList();
    }

    /**
     * What {@link #confirm} says.
     *
     * @param decision what is to be written, if anything
     * @param again whether a plugin failed, so that the task must be looked at once more
     */
    record Confirmation(Optional<Decision> decision, boolean again) {}

    /** Whether a task that already has its node may run there (rule 4.5.3). */
    Confirmation confirm(View view, Task task, Instant now) {
        if (!Ledger.wanted(task)) {
            return new Confirmation(Optional.of(new Decision.Retire(Statuses.retired(task, now))), false);
        }
        @Nullable NodeState node = accounting.node(task.getNodeId());
        if (node == null) {
            return new Confirmation(Optional.empty(), false);
        }
        Group group = Group.of(view, List.of(task));
        try {
            String explanation = attempts.run(
                    lifeline -> pipeline(group, each -> group.candidate(each, failures, now), lifeline)
                            .explain(List.of(node)));
            worked(null);
            return new Confirmation(confirm(task, node, explanation, now), false);
        } catch (PluginFault fault) {
            contain(fault);
            return new Confirmation(Optional.empty(), true);
        }
    }

    private Optional<Decision> confirm(Task task, NodeState node, String explanation, Instant now) {
        if (explanation.isEmpty()) {
            Placed placed = Placed.of(Statuses.assigned(task, node, Statuses.CONFIRMED, now), node);
            accounting.place(placed.task());
            return Optional.of(new Decision.Assign(placed.task(), placed.nodeVersion()));
        }
        return task.getStatus().getErr().equals(explanation)
                ? Optional.empty()
                : Optional.of(new Decision.Refuse(Statuses.refused(task, explanation, now)));
    }

    /** A plugin that is not there any more was just replaced: that is no fault of its own. */
    private void contain(PluginFault fault) {
        Installed<?> plugin = fault.plugin();
        if (!plugins.get().plugins().contains(plugin)) {
            LOG.info("{} went away in mid-call, the group is tried again", plugin.label());
            return;
        }
        boolean aside = containment.count(fault);
        LOG.error("{}{}", fault.getMessage(), aside ? ", is set aside until it is replaced" : "", fault.getCause());
    }
}
