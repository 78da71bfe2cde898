package io.osmia.scheduler.internal;

import io.osmia.scheduler.internal.cluster.Accounting;
import io.osmia.scheduler.internal.cluster.FailureKey;
import io.osmia.scheduler.internal.cluster.FailureMemory;
import io.osmia.scheduler.internal.plugin.Attempts;
import io.osmia.scheduler.internal.plugin.ConstraintCompiler;
import io.osmia.scheduler.internal.plugin.Containment;
import io.osmia.store.By;
import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.Store;
import io.osmia.store.StoreException;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.store.loop.Trouble;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every pending task a node, or says on the task why there is none (rule 4). Folds commits into its accounting, looks
 * again only at groups for which something changed, and writes what it decided.
 *
 * <p>A change after a pause is acted on at once, changes in quick succession are gathered for {@link #SPACING}: sooner than
 * rule 4.1.3 asks, and never later.
 */
public final class Scheduler implements Reactor {

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    static final Duration SPACING = Duration.ofMillis(10);
    /** After so long what the store refused is tried again. */
    static final Duration SOON = Duration.ofSeconds(1);

    private final Store store;
    private final Ledger ledger;
    private final Containment containment = new Containment();
    private final FailureMemory failures = new FailureMemory();
    private final TaskQueue queue = new TaskQueue();
    private final Map<String, Task> preassigned = new LinkedHashMap<>();
    private final Set<String> preassignedDue = new LinkedHashSet<>();
    private final Supplier<ConstraintCompiler> plugins;
    private final Attempts attempts;
    private final Supplier<Instant> time;
    private Accounting accounting = new Accounting();
    private Placer placer;
    private Instant notBefore = Instant.EPOCH;
    private final Trouble trouble = new Trouble();

    /**
     * @param plugins those installed now
     * @param attempts runs what calls plugins
     * @param time measures how long plugins take; not used for decisions
     */
    public Scheduler(
            Store store,
            long term,
            Supplier<ConstraintCompiler> plugins,
            Attempts attempts,
            Supplier<Instant> time) {
        this.store = store;
        this.ledger = new Ledger(store, term);
        this.plugins = plugins;
        this.attempts = attempts;
        this.time = time;
        this.placer = placer();
    }

    private Placer placer() {
        return new Placer(accounting, failures, containment, plugins, attempts, time);
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.CLUSTERS, Table.NODES, Table.SERVICES, Table.TASKS);
    }

    @Override
    public void start(View view, Instant now) {
        accounting = new Accounting();
        placer = placer();
        queue.clear();
        preassigned.clear();
        preassignedDue.clear();
        notBefore = Instant.EPOCH;
        view.find(Table.NODES, By.ALL).forEach(accounting::put);
        for (Task task : view.find(Table.TASKS, By.ALL)) {
            // rule 4.1.1
            boolean stale = task.getStatus().getState() == TaskState.PENDING && !Ledger.wanted(task);
            if (!stale && task.getStatus().getState().getNumber() <= TaskState.RUNNING.getNumber()) {
                fold(task, now);
            }
        }
        everythingDue();
    }

    /** Plugins came or went: what waited for them may go on. */
    public void pluginsChanged() {
        everythingDue();
    }

    @Override
    public void commit(Commit commit, Instant now) {
        for (Change<?> change : commit.changes()) {
            boolean gone = change.kind() == Change.Kind.REMOVE;
            switch (change.object()) {
                case Task task when gone -> forget(task.getId());
                case Task task when seen(task) -> {}
                case Task task -> fold(task, now);
                case Node node when gone -> accounting.removeNode(node.getId());
                case Node node -> fold(node, change.former());
                case Service service when gone -> queue.due(service.getId());
                case Service service -> {}
                case Cluster cluster -> everythingDue();
                default -> {}
            }
        }
    }

    private void fold(Node node, @Nullable Object former) {
        accounting.put(node);
        if (!(former instanceof Node before) || matters(before, node)) {
            everythingDue();
        }
    }

    private static boolean matters(Node before, Node node) {
        return !before.getSpec().equals(node.getSpec())
                || !before.getStatus().equals(node.getStatus())
                || before.getRole() != node.getRole()
                || !before.getDescription().equals(node.getDescription());
    }

    /** Own writes come back as commits, some of them after a look at the state itself already showed them. */
    private boolean seen(Task task) {
        @Nullable Task known = accounting.get(task.getId());
        known = known != null ? known : queue.get(task.getId());
        known = known != null ? known : preassigned.get(task.getId());
        return known != null && version(known) >= version(task);
    }

    private static long version(Task task) {
        return task.getMeta().getVersion().getIndex();
    }

    private void fold(Task task, Instant now) {
        int state = task.getStatus().getState().getNumber();
        if (state > TaskState.RUNNING.getNumber()) {
            ended(task, now);
        } else if (state < TaskState.PENDING.getNumber()) {
            forget(task.getId());
        } else if (task.getNodeId().isEmpty()) {
            unaccount(task.getId());
            queue.put(task);
        } else if (state == TaskState.PENDING.getNumber()) {
            unaccount(task.getId());
            preassigned.put(task.getId(), task);
            preassignedDue.add(task.getId());
        } else {
            queue.remove(task.getId());
            preassigned.remove(task.getId());
            accounting.place(task);
        }
    }

    private void ended(Task task, Instant now) {
        @Nullable Task former = accounting.get(task.getId());
        TaskState state = task.getStatus().getState();
        if (former != null && (state == TaskState.FAILED || state == TaskState.REJECTED)) {
            failures.failed(former.getNodeId(), FailureKey.of(task), now);
        }
        forget(task.getId());
    }

    private void forget(String taskId) {
        queue.remove(taskId);
        preassigned.remove(taskId);
        preassignedDue.remove(taskId);
        unaccount(taskId);
    }

    /** What a task gives back may be what another one waits for (rule 4.1.4). */
    private void unaccount(String taskId) {
        if (accounting.remove(taskId) != null) {
            everythingDue();
        }
    }

    private void everythingDue() {
        queue.allDue();
        preassignedDue.addAll(preassigned.keySet());
    }

    @Override
    public @Nullable Instant deadline() {
        return queue.anyDue() || !preassignedDue.isEmpty() ? notBefore : null;
    }

    @Override
    public void tick(Instant now) {
        boolean due = queue.anyDue() || !preassignedDue.isEmpty();
        if (!due || now.isBefore(notBefore)) {
            return;
        }
        notBefore = now.plus(SPACING);
        View view = store.view();
        List<Decision> confirmed = confirm(view, now);
        List<GroupOutcome> outcomes = new ArrayList<>();
        for (List<Task> group : queue.takeDue()) {
            GroupOutcome outcome = placer.place(view, group, now);
            outcomes.add(outcome);
            settle(outcome, group);
        }
        List<Decision> decisions = new ArrayList<>(confirmed);
        outcomes.forEach(outcome -> decisions.addAll(outcome.decisions()));
        Set<String> refused = write(decisions, now);
        outcomes.forEach(outcome -> report(outcome, refused));
    }

    /** Tasks that have their node already come first (rule 4.1.3). */
    private List<Decision> confirm(View view, Instant now) {
        List<Decision> decisions = new ArrayList<>();
        List<String> due = List.copyOf(preassignedDue);
        preassignedDue.clear();
        for (String id : due) {
            @Nullable Task task = preassigned.get(id);
            if (task != null) {
                Placer.Confirmation confirmation = placer.confirm(view, task, now);
                confirmation.decision().ifPresent(decisions::add);
                if (confirmation.again()) {
                    preassignedDue.add(id);
                }
            }
        }
        return decisions;
    }

    private void settle(GroupOutcome outcome, List<Task> group) {
        outcome.dropped().forEach(task -> queue.remove(task.getId()));
        if (outcome.again()) {
            group.forEach(queue::put);
        }
    }

    /** Writes, then takes over what is stored now; the ids of tasks whose decision was void. */
    private Set<String> write(List<Decision> decisions, Instant now) {
        Set<String> refused = new LinkedHashSet<>();
        if (decisions.isEmpty()) {
            return refused;
        }
        List<@Nullable StoreException> refusals = ledger.write(decisions);
        if (refusals.contains(null)) {
            trouble.ends();
        }
        View view = store.view();
        for (int i = 0; i < decisions.size(); i++) {
            String id = decisions.get(i).task().getId();
            @Nullable StoreException refusal = refusals.get(i);
            if (refusal != null) {
                refused.add(id);
                refused(refusal, id, now);
                unaccount(id);
            }
            @Nullable Task stored = view.get(Table.TASKS, id);
            if (stored == null) {
                forget(id);
            } else if (refusal == null && decisions.get(i) instanceof Decision.Refuse) {
                keepWaiting(stored, now);
            } else {
                accounting.remove(id);
                fold(stored, now);
            }
        }
        return refused;
    }

    private void refused(StoreException refusal, String id, Instant now) {
        switch (refusal.reason()) {
            case NOT_EXIST, OUT_OF_SEQUENCE -> LOG.debug("task {} or its node changed meanwhile, decides again", id);
            default -> {
                if (trouble.begins(String.valueOf(refusal.getMessage()))) {
                    LOG.warn(
                            "decisions about task {} and maybe others are not stored, tried again each second: {}",
                            id,
                            refusal.getMessage());
                }
                notBefore = now.plus(SOON);
            }
        }
    }

    /** The reason why the task waits is written; that alone is no cause to look at it again. */
    private void keepWaiting(Task stored, Instant now) {
        if (stored.getStatus().getState() != TaskState.PENDING) {
            fold(stored, now);
        } else if (stored.getNodeId().isEmpty()) {
            queue.keep(stored);
        } else {
            preassigned.put(stored.getId(), stored);
        }
    }

    private static void report(GroupOutcome outcome, Set<String> refused) {
        long placed = outcome.decisions().stream()
                .filter(Decision.Assign.class::isInstance)
                .filter(decision -> !refused.contains(decision.task().getId()))
                .count();
        if (placed > 0) {
            LOG.info(
                    "service {} ({}): {} placed {} of its tasks",
                    outcome.serviceName(),
                    outcome.serviceId(),
                    outcome.strategy(),
                    placed);
        }
    }
}
