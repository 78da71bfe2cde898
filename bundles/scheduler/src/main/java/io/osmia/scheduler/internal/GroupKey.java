package io.osmia.scheduler.internal;

import io.osmia.wire.swarmkit.Task;

/**
 * What makes tasks equal (rule 4.1.5): one service and one version of its spec.
 *
 * @param taskId the task itself when it has no spec version and so is alone; else empty
 */
record GroupKey(String serviceId, long specVersion, String taskId) {

    static GroupKey of(Task task) {
        return task.hasSpecVersion()
                ? new GroupKey(task.getServiceId(), task.getSpecVersion().getIndex(), "")
                : new GroupKey(task.getServiceId(), 0, task.getId());
    }
}
