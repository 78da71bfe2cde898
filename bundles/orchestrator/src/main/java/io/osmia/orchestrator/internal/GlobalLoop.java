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

/** Runs the {@link GlobalOrchestrator} while this manager leads. */
@Component(service = {})
public final class GlobalLoop {

    private final StoreLoop loop;
    private final AutoCloseable listening;

    @Activate
    public GlobalLoop(
            @Reference Leadership leadership,
            @Reference Store store,
            @Reference Clock clock,
            @Reference Ids ids,
            @Reference PlacementRules rules) {
        GlobalOrchestrator orchestrator = new GlobalOrchestrator(
                store, leadership.term(), ids, rules::check, RestartSupervisor.OLD_TASK_TIMEOUT);
        loop = new StoreLoop("global-orchestrator", store, clock, orchestrator);
        listening = rules.onChange(() -> loop.post(orchestrator::placementChanged));
        loop.start();
    }

    @Deactivate
    void deactivate() throws Exception {
        listening.close();
        loop.close();
    }
}
