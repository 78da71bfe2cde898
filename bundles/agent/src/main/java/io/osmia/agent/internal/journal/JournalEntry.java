package io.osmia.agent.internal.journal;

import io.osmia.api.executor.TaskHandle;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskStatus;
import org.jspecify.annotations.Nullable;

/**
 * What the journal knows of a task.
 *
 * @param task the task as the manager sent it last, without its status
 * @param assigned whether the manager wants it here; false while it is being removed
 * @param handle names the workload; null while there can be none
 * @param status the agent's own status; null when none was written. One that cannot be read counts as STARTING when there is a
 *     handle, and as none otherwise
 */
public record JournalEntry(Task task, boolean assigned, @Nullable TaskHandle handle, @Nullable TaskStatus status) {}
