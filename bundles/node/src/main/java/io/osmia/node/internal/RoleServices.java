package io.osmia.node.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Hashtable;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/** Services that this node holds for a time; they are taken away in the reverse order. Used by one thread. */
final class RoleServices implements AutoCloseable {

    private final BundleContext context;
    private final Deque<Runnable> held = new ArrayDeque<>();

    RoleServices(BundleContext context) {
        this.context = context;
    }

    <S> void hold(Class<S> type, S service) {
        held.push(context.registerService(type, service, new Hashtable<>())::unregister);
    }

    /** Tells of each service of the type that comes, until this is closed. */
    <S> void follow(Class<S> type, Consumer<S> arrival) {
        ServiceTracker<S, S> tracker = new ServiceTracker<>(context, type, null) {
            @Override
            public S addingService(ServiceReference<S> reference) {
                S service = super.addingService(reference);
                arrival.accept(service);
                return service;
            }
        };
        tracker.open();
        held.push(tracker::close);
    }

    @Override
    public void close() {
        while (!held.isEmpty()) {
            held.pop().run();
        }
    }
}
