package io.osmia.ca.internal.server;

import io.osmia.roles.Clock;
import io.osmia.roles.Leadership;
import io.osmia.roles.ManagerRole;
import io.osmia.store.Store;
import io.osmia.store.loop.StoreLoop;
import java.security.SecureRandom;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Runs the {@link RootRotationReconciler} while this manager leads. */
@Component(service = {})
public final class RootRotationComponent {

    private final StoreLoop loop;

    @Activate
    public RootRotationComponent(
            @Reference Leadership leadership,
            @Reference Store store,
            @Reference ManagerRole role,
            @Reference Clock clock) {
        RootRotationReconciler reconciler =
                new RootRotationReconciler(store, leadership.term(), role.clusterId(), new SecureRandom());
        loop = new StoreLoop("root-rotation", store, clock, reconciler).start();
    }

    @Deactivate
    void deactivate() {
        loop.close();
    }
}
