package io.osmia.ca.internal.server;

import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
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

    private final ExternalSigning external;
    private final StoreLoop loop;

    @Activate
    public SigningComponent(
            @Reference Leadership leadership,
            @Reference Store store,
            @Reference ManagerRole role,
            @Reference Clock clock,
            @Reference Credentials credentials) {
        external = new ExternalSigning(role.clusterId(), new Cfssl(credentials.keyManager()), this::post);
        Signing signing = new Signing(store, leadership.term(), role.clusterId(), external);
        loop = new StoreLoop("certificate-signer", store, clock, signing);
        loop.start();
    }

    /** External signing and the loop need each other; nothing is asked before the loop has started. */
    private void post(Runnable message) {
        loop.post(message);
    }

    @Deactivate
    void deactivate() {
        loop.close();
        external.close();
    }
}
