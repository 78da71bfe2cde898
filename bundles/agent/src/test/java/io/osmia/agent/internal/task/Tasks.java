package io.osmia.agent.internal.task;

import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.Assignment;
import io.osmia.wire.swarmkit.AssignmentChange;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.util.Arrays;
import java.util.List;

/** Tasks and assignments for tests. */
public final class Tasks {

    private Tasks() {}

    public static Task task(String id, TaskState desired) {
        return task(id, desired, ContainerSpec.newBuilder()
                .setImage("osmia/host")
                .addCommand("sleep")
                .build());
    }

    static Task task(String id, TaskState desired, ContainerSpec container) {
        return Task.newBuilder()
                .setId(id)
                .setNodeId("me")
                .setServiceId("service")
                .setSlot(1)
                .setServiceAnnotations(Annotations.newBuilder().setName("web"))
                .setSpec(TaskSpec.newBuilder().setContainer(container))
                .setDesiredState(desired)
                .setStatus(TaskStatus.newBuilder().setState(TaskState.ASSIGNED))
                .build();
    }

    /** Tasks that are to run. */
    public static List<AssignmentChange> assigned(String... ids) {
        return update(Arrays.stream(ids).map(id -> task(id, TaskState.RUNNING)).toArray(Task[]::new));
    }

    public static List<AssignmentChange> update(Task... tasks) {
        return Arrays.stream(tasks)
                .map(task -> AssignmentChange.newBuilder()
                        .setAction(AssignmentChange.AssignmentAction.UPDATE)
                        .setAssignment(Assignment.newBuilder().setTask(task))
                        .build())
                .toList();
    }

    static List<AssignmentChange> remove(String... ids) {
        return Arrays.stream(ids)
                .map(id -> AssignmentChange.newBuilder()
                        .setAction(AssignmentChange.AssignmentAction.REMOVE)
                        .setAssignment(Assignment.newBuilder().setTask(Task.newBuilder().setId(id)))
                        .build())
                .toList();
    }
}
