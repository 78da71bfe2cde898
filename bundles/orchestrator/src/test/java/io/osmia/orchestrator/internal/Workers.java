package io.osmia.orchestrator.internal;

import io.osmia.store.By;
import io.osmia.store.Commit;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for allocator, scheduler and agents: assigns tasks to ready nodes and takes each at once to what it is desired
 * to be. The image {@code fail} fails when it is started, {@code stubborn} does not stop.
 */
final class Workers implements Reactor {

    private final Store store;

    Workers(Store store) {
        this.store = store;
    }

    @Override
    public void start(View view, Instant now) {}

    @Override
    public void commit(Commit commit, Instant now) {}

    @Override
    public void tick(Instant now) {
        View view = store.view();
        for (Task task : view.find(Table.TASKS, By.ALL)) {
            Task next = next(store.view(), task);
            if (!next.equals(task)) {
                Task.Builder stamped = next.toBuilder();
                stamped.getStatusBuilder().setTimestamp(Times.of(now)).setAppliedAt(Times.of(now));
                store.update(1, tx -> tx.update(Table.TASKS, stamped.build()));
            }
        }
    }

    private static Task next(View view, Task task) {
        if (Tasks.dead(task)) {
            return task;
        }
        if (Tasks.observed(task) < TaskState.ASSIGNED_VALUE) {
            return Tasks.runnable(task) ? assigned(view, task) : in(task, TaskState.SHUTDOWN);
        }
        Node node = view.get(Table.NODES, task.getNodeId());
        if (node == null || node.getStatus().getState() != NodeStatus.State.READY) {
            return task;
        }
        return switch (task.getDesiredState()) {
            case READY -> Tasks.observed(task) < TaskState.READY_VALUE ? in(task, TaskState.READY) : task;
            case RUNNING -> in(task, Scene.image(task).equals("fail") ? TaskState.FAILED : TaskState.RUNNING);
            default -> Scene.image(task).equals("stubborn") ? task : in(task, TaskState.SHUTDOWN);
        };
    }

    private static Task assigned(View view, Task task) {
        if (!task.getNodeId().isEmpty()) {
            return in(task, TaskState.ASSIGNED);
        }
        Optional<Node> free = view.find(Table.NODES, By.ALL).stream()
                .filter(n -> n.getStatus().getState() == NodeStatus.State.READY)
                .filter(n -> n.getSpec().getAvailability() == NodeSpec.Availability.ACTIVE)
                .min((one, other) -> Integer.compare(load(view, one), load(view, other)));
        return free.map(n -> in(task, TaskState.ASSIGNED).toBuilder()
                .setNodeId(n.getId())
                .build())
                .orElse(task);
    }

    private static int load(View view, Node node) {
        return (int) view.find(Table.TASKS, By.node(node.getId())).stream()
                .filter(t -> !Tasks.dead(t))
                .count();
    }

    private static Task in(Task task, TaskState state) {
        if (task.getStatus().getState() == state) {
            return task;
        }
        Task.Builder next = task.toBuilder();
        next.getStatusBuilder().setState(state);
        return next.build();
    }

    @Override
    public @Nullable Instant deadline() {
        return null;
    }
}
