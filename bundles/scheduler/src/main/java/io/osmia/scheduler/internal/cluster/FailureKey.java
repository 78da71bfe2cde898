package io.osmia.scheduler.internal.cluster;

import io.osmia.wire.swarmkit.Task;

/** What keeps failing: one version of a service's spec (rule 4.2.3). */
public record FailureKey(String serviceId, long specVersion) {

    public static FailureKey of(Task task) {
        return new FailureKey(task.getServiceId(), task.getSpecVersion().getIndex());
    }
}
