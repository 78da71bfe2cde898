package io.osmia.agent.internal.task;

import io.osmia.wire.swarmkit.TaskStatus;

/** Takes status on its way to the dispatcher. Does not block. */
public interface Reports {

    void report(String taskId, TaskStatus status);

    /** The task is gone; what was not reported of it need not be. */
    void forget(String taskId);
}
