package io.osmia.allocator.internal;

import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import org.jspecify.annotations.Nullable;

/**
 * Addresses and ports. Needs the service to be allocated and copies its endpoint into the task (rule 5.2.2). Nobody gives
 * out addresses yet, so a task with networks waits.
 */
final class NetworkVoter implements Voter {

    @Override
    public String name() {
        return "network";
    }

    @Override
    public Vote vote(View view, Task task) {
        if (task.getSpec().getNetworksCount() > 0) {
            return new Waits("networks are not supported yet");
        }
        if (task.getServiceId().isEmpty()) {
            return new Allocated(task);
        }
        @Nullable Service service = view.get(Table.SERVICES, task.getServiceId());
        if (service == null) {
            // deleted meanwhile: its tasks go the same way, and need nothing
            return new Allocated(task);
        }
        if (!ServiceEndpoints.allocated(service)) {
            return new Waits("service " + service.getId() + " has no endpoint yet");
        }
        return new Allocated(withEndpoint(task, service));
    }

    private static Task withEndpoint(Task task, Service service) {
        return service.hasEndpoint()
                ? task.toBuilder().setEndpoint(service.getEndpoint()).build()
                : task;
    }
}
