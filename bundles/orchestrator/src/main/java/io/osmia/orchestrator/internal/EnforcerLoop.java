package io.osmia.orchestrator.internal;

import io.osmia.roles.Clock;
import io.osmia.roles.Leadership;
import io.osmia.scheduler.PlacementRules;
import io.osmia.store.Store;
import io.osmia.store.loop.StoreLoop;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Runs the {@link ConstraintEnforcer} while this manager leads. */
@Component(service = {})
public final class EnforcerLoop {

    private final StoreLoop loop;

    @Activate
    public EnforcerLoop(
            @Reference Leadership leadership,
            @Reference Store store,
            @Reference Clock clock,
            @Reference PlacementRules rules) {
        ConstraintEnforcer enforcer = new ConstraintEnforcer(store, leadership.term(), rules::check);
        loop = new StoreLoop("constraint-enforcer", store, clock, enforcer).start();
    }

    @Deactivate
    void deactivate() {
        loop.close();
    }
}
