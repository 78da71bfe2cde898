package io.osmia.orchestrator.internal;

import io.osmia.roles.Clock;
import io.osmia.roles.Ids;
import io.osmia.roles.Leadership;
import io.osmia.scheduler.PlacementRules;
import io.osmia.store.Store;
import io.osmia.store.loop.StoreLoop;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Runs the {@link ReplicatedOrchestrator} while this manager leads. */
@Component(service = {})
public final class ReplicatedLoop {

    private final StoreLoop loop;

    @Activate
    public ReplicatedLoop(
            @Reference Leadership leadership,
            @Reference Store store,
            @Reference Clock clock,
            @Reference Ids ids,
            @Reference PlacementRules rules) {
        ReplicatedOrchestrator orchestrator = new ReplicatedOrchestrator(
                store, leadership.term(), ids, rules::check, RestartSupervisor.OLD_TASK_TIMEOUT);
        loop = new StoreLoop("replicated-orchestrator", store, clock, orchestrator).start();
    }

    @Deactivate
    void deactivate() {
        loop.close();
    }
}
