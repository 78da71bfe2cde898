package io.osmia.orchestrator.internal;

import io.osmia.roles.Ids;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.Endpoint;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.time.Instant;

/** Makes the tasks of a service as its spec stands (rule 2.9). */
final class TaskFactory {

    private final Ids ids;

    TaskFactory(Ids ids) {
        this.ids = ids;
    }

    /** A task for the slot, or for the node of a global service. */
    Task make(View view, Service service, SlotKey key, TaskState desired, Instant now) {
        TaskSpec spec = service.getSpec().getTask();
        Task.Builder task = Task.newBuilder()
                .setId(ids.next())
                .setServiceAnnotations(service.getSpec().getAnnotations())
                .setSpec(spec)
                .setServiceId(service.getId())
                .setSlot(key.slot())
                .setNodeId(key.node())
                .setDesiredState(desired)
                .setEndpoint(endpoint(service))
                .setStatus(TaskStatus.newBuilder()
                        .setState(TaskState.NEW)
                        .setTimestamp(Times.of(now))
                        .setMessage("created"));
        if (service.hasSpecVersion()) {
            task.setSpecVersion(service.getSpecVersion());
        }
        addLogDriver(view, spec, task);
        return task.build();
    }

    private static Endpoint endpoint(Service service) {
        Endpoint.Builder endpoint = Endpoint.newBuilder();
        if (service.getSpec().hasEndpoint()) {
            endpoint.setSpec(service.getSpec().getEndpoint());
        }
        return endpoint.build();
    }

    private static void addLogDriver(View view, TaskSpec spec, Task.Builder task) {
        if (spec.hasLogDriver()) {
            task.setLogDriver(spec.getLogDriver());
            return;
        }
        for (Cluster cluster : view.find(Table.CLUSTERS, By.ALL)) {
            if (cluster.getSpec().getTaskDefaults().hasLogDriver()) {
                task.setLogDriver(cluster.getSpec().getTaskDefaults().getLogDriver());
                return;
            }
        }
    }
}
