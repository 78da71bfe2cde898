package io.osmia.ca.internal.server;

import io.osmia.roles.Clock;
import io.osmia.roles.Leadership;
import io.osmia.roles.ManagerRole;
import io.osmia.store.Store;
import io.osmia.store.loop.StoreLoop;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Runs {@link Signing} while this manager leads. */
@Component(service = {})
public final class SigningComponent {

    private final StoreLoop loop;

    @Activate
    public SigningComponent(
            @Reference Leadership leadership,
            @Reference Store store,
            @Reference ManagerRole role,
            @Reference Clock clock) {
        Signing signing = new Signing(store, leadership.term(), role.clusterId(),
                (authority, order, outcome) -> outcome.accept(new Outcome.Later("no external CA is asked yet")));
        loop = new StoreLoop("certificate-signer", store, clock, signing).start();
    }

    @Deactivate
    void deactivate() {
        loop.close();
    }
}
