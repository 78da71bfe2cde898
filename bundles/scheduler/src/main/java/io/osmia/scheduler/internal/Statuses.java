package io.osmia.scheduler.internal;

import com.google.protobuf.Timestamp;
import io.osmia.scheduler.internal.cluster.NodeState;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.time.Instant;

/** The forms of a task that the scheduler writes (rule 2.3). */
final class Statuses {

    static final String ASSIGNED = "scheduler assigned task to node";
    static final String CONFIRMED = "scheduler confirmed task can run on preassigned node";

    private Statuses() {}

    /** The task on its node, with the generic resources it gets there (rule 4.5.4). */
    static Task assigned(Task task, NodeState node, String message, Instant now) {
        return task.toBuilder()
                .setNodeId(node.id())
                .clearAssignedGenericResources()
                .addAllAssignedGenericResources(node.choose(NodeState.reservation(task)))
                .setStatus(TaskStatus.newBuilder()
                        .setState(TaskState.ASSIGNED)
                        .setTimestamp(timestamp(now))
                        .setMessage(message))
                .build();
    }

    /** The task with the reason why it still waits. */
    static Task refused(Task task, String error, Instant now) {
        return task.toBuilder()
                .setStatus(task.getStatus().toBuilder().setErr(error).setTimestamp(timestamp(now)))
                .build();
    }

    /** The task that nobody wants any more. */
    static Task retired(Task task, Instant now) {
        return task.toBuilder()
                .setStatus(task.getStatus().toBuilder()
                        .setState(TaskState.SHUTDOWN)
                        .clearErr()
                        .setTimestamp(timestamp(now)))
                .build();
    }

    private static Timestamp timestamp(Instant now) {
        return Timestamp.newBuilder()
                .setSeconds(now.getEpochSecond())
                .setNanos(now.getNano())
                .build();
    }
}
