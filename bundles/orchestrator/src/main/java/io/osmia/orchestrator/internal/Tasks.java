package io.osmia.orchestrator.internal;

import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** What the two states of a task and the state of its node mean to an orchestrator (rules 2.1, 2.6, 3.1.6). */
final class Tasks {

    /** When the last report came in; the manager's time counts before the agent's (rule 2.7). */
    static final Comparator<Task> BY_TIME =
            Comparator.comparing(Tasks::reported).thenComparing(Task::getId);

    private Tasks() {}

    /** Meant to run, now or soon. */
    static boolean runnable(Task task) {
        return task.getDesiredState().getNumber() <= TaskState.RUNNING_VALUE;
    }

    /** Observed beyond RUNNING: it will not run again. */
    static boolean dead(Task task) {
        return observed(task) > TaskState.RUNNING_VALUE;
    }

    static int observed(Task task) {
        return task.getStatus().getState().getNumber();
    }

    static boolean desires(Task task, TaskState state) {
        return task.getDesiredState() == state;
    }

    /** Nothing on any node needs to be stopped before the object may go. */
    static boolean reapable(Task task) {
        return dead(task) || (!runnable(task) && observed(task) < TaskState.ASSIGNED_VALUE);
    }

    static Instant reported(Task task) {
        return Times.of(
                task.getStatus().hasAppliedAt()
                        ? task.getStatus().getAppliedAt()
                        : task.getStatus().getTimestamp());
    }

    /** Whether the task is assigned to a node that must not run it (rule 3.1.6). */
    static boolean onInvalidNode(View view, Task task) {
        return !task.getNodeId().isEmpty() && invalid(view.get(Table.NODES, task.getNodeId()));
    }

    static boolean invalid(@Nullable Node node) {
        return node == null || down(node) || drained(node);
    }

    static boolean down(Node node) {
        return node.getStatus().getState() == NodeStatus.State.DOWN;
    }

    static boolean drained(Node node) {
        return node.getSpec().getAvailability() == NodeSpec.Availability.DRAIN;
    }

    static boolean paused(Node node) {
        return node.getSpec().getAvailability() == NodeSpec.Availability.PAUSE;
    }

    /** Whether nothing of the task can be running any more: it ended, was never placed, or its node is down or gone. */
    static boolean stopped(View view, @Nullable Task task) {
        if (task == null || dead(task) || task.getNodeId().isEmpty()) {
            return true;
        }
        Node node = view.get(Table.NODES, task.getNodeId());
        return node == null || down(node);
    }
}
