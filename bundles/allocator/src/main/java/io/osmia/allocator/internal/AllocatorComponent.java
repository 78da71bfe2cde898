package io.osmia.allocator.internal;

import io.osmia.roles.Clock;
import io.osmia.roles.Leadership;
import io.osmia.store.Store;
import io.osmia.store.loop.StoreLoop;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Runs the allocator on the leader. */
@Component(service = {}, immediate = true)
public final class AllocatorComponent {

    private final StoreLoop loop;

    @Activate
    public AllocatorComponent(@Reference Leadership leadership, @Reference Store store, @Reference Clock clock) {
        loop = new StoreLoop("allocator", store, clock, new Allocator(store, leadership.term())).start();
    }

    @Deactivate
    public void close() {
        loop.close();
    }
}
