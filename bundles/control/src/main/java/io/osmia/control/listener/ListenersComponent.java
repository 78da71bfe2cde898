package io.osmia.control.listener;

import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
import io.osmia.roles.Endpoints;
import io.osmia.roles.ManagerRole;
import io.osmia.roles.NodeSettings;
import io.osmia.roles.StartFailure;
import java.io.IOException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the listeners while this node is a manager. {@link Endpoints} is registered by hand, because it must not exist
 * before both are bound; {@link StartFailure} takes its place when they cannot be.
 */
@Component(service = {}, immediate = true)
public final class ListenersComponent {

    private static final Logger LOG = LoggerFactory.getLogger(ListenersComponent.class);

    private final Listeners listeners;
    private final ServiceRegistration<?> outcome;

    /** @param role only its presence counts */
    @Activate
    public ListenersComponent(
            BundleContext bundle,
            @Reference NodeSettings settings,
            @Reference Credentials credentials,
            @Reference ManagerRole role,
            @Reference Services services,
            @Reference Clock clock) {
        listeners = new Listeners(settings, credentials, services, clock);
        outcome = start(bundle);
    }

    private ServiceRegistration<?> start(BundleContext bundle) {
        try {
            return bundle.registerService(Endpoints.class, listeners.start(), null);
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            LOG.error("{}", message);
            return bundle.registerService(StartFailure.class, new StartFailure(message), null);
        }
    }

    @Deactivate
    void stop() {
        try {
            outcome.unregister();
        } finally {
            listeners.stop();
        }
    }
}
