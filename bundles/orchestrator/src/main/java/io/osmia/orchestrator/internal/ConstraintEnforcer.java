package io.osmia.orchestrator.internal;

import io.osmia.scheduler.PlacementRules.Match;
import io.osmia.store.By;
import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.Placement;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Rejects tasks that their node no longer suits, after the node has changed (rule 3.9). */
final class ConstraintEnforcer implements Reactor {

    private final Store store;
    private final EditWriter writer;
    private final PlacementCheck placement;
    private final SortedSet<String> nodes = new TreeSet<>();

    ConstraintEnforcer(Store store, long term, PlacementCheck placement) {
        this.store = store;
        this.writer = new EditWriter(store, term);
        this.placement = placement;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.NODES, Table.SERVICES, Table.TASKS);
    }

    @Override
    public void start(View view, Instant now) {
        nodes.clear();
        view.find(Table.NODES, By.ALL).forEach(n -> nodes.add(n.getId()));
    }

    @Override
    public void commit(Commit commit, Instant now) {
        for (Change<?> change : commit.changes()) {
            if (change.object() instanceof Node node && change.kind() == Change.Kind.UPDATE) {
                nodes.add(node.getId());
            }
        }
    }

    @Override
    public void tick(Instant now) {
        if (nodes.isEmpty()) {
            return;
        }
        View view = store.view();
        List<Edit> edits = new ArrayList<>();
        nodes.forEach(id -> enforce(view, view.get(Table.NODES, id), now, edits));
        nodes.clear();
        writer.write(edits);
    }

    private void enforce(View view, @Nullable Node node, Instant now, List<Edit> edits) {
        if (node == null || node.getSpec().getAvailability() != NodeSpec.Availability.ACTIVE) {
            return;
        }
        Balance balance = new Balance(node);
        for (Task task : view.find(Table.TASKS, By.node(node.getId()))) {
            if (!concerned(task)) {
                continue;
            }
            if (!suits(view, task, node) || !balance.take(task)) {
                edits.add(new Edit.Report(task.getId(), rejection(now)));
            }
            if (balance.exhausted()) {
                return;
            }
        }
    }

    private static boolean concerned(Task task) {
        int desired = task.getDesiredState().getNumber();
        return desired >= TaskState.ASSIGNED_VALUE
                && desired <= TaskState.COMPLETE_VALUE
                && Tasks.observed(task) < TaskState.COMPLETE_VALUE;
    }

    private boolean suits(View view, Task task, Node node) {
        Service service = view.get(Table.SERVICES, task.getServiceId());
        TaskSpec spec = service != null ? service.getSpec().getTask() : task.getSpec();
        Placement wanted = spec.getPlacement();
        return wanted.getConstraintsCount() == 0 || placement.check(wanted, node) != Match.NO;
    }

    private static TaskStatus rejection(Instant now) {
        return TaskStatus.newBuilder()
                .setState(TaskState.REJECTED)
                .setTimestamp(Times.of(now))
                .setMessage("task rejected by constraint enforcer")
                .setErr("assigned node no longer meets constraints")
                .build();
    }

    @Override
    public @Nullable Instant deadline() {
        return nodes.isEmpty() ? null : Instant.EPOCH;
    }
}
