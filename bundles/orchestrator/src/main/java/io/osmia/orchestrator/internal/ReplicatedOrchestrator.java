package io.osmia.orchestrator.internal;

import io.osmia.roles.Ids;
import io.osmia.store.By;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Keeps replicated services at their number of tasks (rule 3.1). */
final class ReplicatedOrchestrator extends ServiceOrchestrator {

    ReplicatedOrchestrator(Store store, long term, Ids ids, PlacementCheck placement, Duration oldTaskTimeout) {
        super(store, term, ids, placement, oldTaskTimeout);
    }

    @Override
    boolean owns(ServiceSpec spec) {
        return spec.hasReplicated();
    }

    @Override
    Plan plan(View view, Service service, Instant now) {
        return ReplicatedPlan.of(view, service, restarts.rules(), tasks, now);
    }

    /** The tasks of a node that must not run them are replaced elsewhere (rule 3.1.5). */
    @Override
    List<Edit> nodeChanged(View view, String nodeId, Instant now) {
        if (Tasks.invalid(view.get(Table.NODES, nodeId))) {
            view.find(Table.TASKS, By.node(nodeId)).stream().filter(Tasks::runnable).forEach(this::look);
        }
        return List.of();
    }

    @Override
    List<Edit> taskEnded(View view, Service service, Task task, Instant now) {
        return owns(service.getSpec()) ? restarts.restart(view, service, task, now) : List.of();
    }
}
