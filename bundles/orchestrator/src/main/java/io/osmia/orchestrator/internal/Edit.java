package io.osmia.orchestrator.internal;

import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import io.osmia.wire.swarmkit.UpdateStatus;
import java.util.List;

/**
 * A change that an orchestrator wants. Each is atomic and guarded: it is looked at again inside the transaction, and left
 * out when the object is gone or has moved on meanwhile.
 */
sealed interface Edit {

    /** Adds a task, if its service still exists. */
    record CreateTask(Task task) implements Edit {}

    /** Raises the desired state; never lowers it (rule 2.2). */
    record Desire(String taskId, TaskState state) implements Edit {}

    /** Replaces tasks by a new one, stop first: their desired state becomes SHUTDOWN (rules 3.4.1, 3.6.5). */
    record Replace(List<String> olds, Task replacement) implements Edit {

        public Replace {
            olds = List.copyOf(olds);
        }
    }

    /** Writes an observed state on behalf of the constraint enforcer, if it is further than the present one (rule 2.3). */
    record Report(String taskId, TaskStatus status) implements Edit {}

    /** Removes a task. */
    record DeleteTask(String taskId) implements Edit {}

    /** Removes a task if nothing of it can be on a node. */
    record Reap(String taskId) implements Edit {}

    /** Notes the progress of an update, if the service still has that spec. Only UPDATING may appear where none is. */
    record Progress(String serviceId, ServiceSpec spec, UpdateStatus status) implements Edit {}

    /** Puts the previous spec back, if the service still has that spec and a previous one (rule 3.6.6). */
    record RollBack(String serviceId, ServiceSpec spec, UpdateStatus status) implements Edit {}
}
