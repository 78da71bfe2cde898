package io.osmia.control.internal;

import io.osmia.roles.Leadership;
import io.osmia.roles.ManagerRole;
import io.osmia.roles.NodeSettings;
import io.osmia.roles.RootKeyMaterial;
import io.osmia.store.Store;
import io.osmia.store.StoreException;
import io.osmia.store.loop.Trouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Founds the cluster at the beginning of each leadership, and then says so with a {@link Founded} service. Waits for the
 * commit on a thread of its own, so that whoever announces the leadership is not held up.
 */
@Component(service = {}, immediate = true)
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\"io.osmia.control.internal.Founded\"", effective = "active")
public final class Bootstrap {

    private static final Logger LOG = LoggerFactory.getLogger(Bootstrap.class);
    private static final Runnable OVER = () -> {};
    private static final long PAUSE_MILLIS = 1_000;

    private final BundleContext context;
    private final Store store;
    private final long term;
    private final Founding founding;

    private final CountDownLatch over = new CountDownLatch(1);

    /** How to take the announcement back; null before it is made. */
    private final AtomicReference<@Nullable Runnable> retraction = new AtomicReference<>();

    @Activate
    public Bootstrap(
            BundleContext context,
            @Reference Leadership leadership,
            @Reference ManagerRole manager,
            @Reference NodeSettings settings,
            @Reference RootKeyMaterial root,
            @Reference Store store) {
        this.context = context;
        this.store = store;
        term = leadership.term();
        founding = new Founding(manager.clusterId(), manager.nodeId(), settings.availability(), root);
        Thread.ofVirtual().name("control-bootstrap").start(this::run);
    }

    private void run() {
        Trouble trouble = new Trouble();
        try {
            while (!founded(trouble)) {
                if (over.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            announce();
        } catch (IllegalStateException impossible) {
            LOG.error(
                    "the cluster cannot be founded, its control API stays closed until the node is restarted: {}",
                    impossible.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tries once. What the store refuses now, on a full disk say, it may take later in the same leadership. */
    private boolean founded(Trouble trouble) {
        try {
            store.update(term, founding::carryOut);
            return true;
        } catch (StoreException refused) {
            if (over.getCount() > 0 && trouble.begins(String.valueOf(refused.getMessage()))) {
                LOG.warn(
                        "the cluster's first objects are not stored, tried again each second, until then the control"
                                + " API stays closed: {}",
                        refused.getMessage());
            }
            return false;
        }
    }

    private void announce() {
        ServiceRegistration<Founded> registration = context.registerService(Founded.class, new Founded() {}, null);
        if (!retraction.compareAndSet(null, registration::unregister)) {
            registration.unregister();
        }
    }

    @Deactivate
    void end() {
        over.countDown();
        Runnable retract = retraction.getAndSet(OVER);
        if (retract != null) {
            retract.run();
        }
    }
}
