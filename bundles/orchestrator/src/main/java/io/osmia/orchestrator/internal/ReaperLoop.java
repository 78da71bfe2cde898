package io.osmia.orchestrator.internal;

import io.osmia.roles.Clock;
import io.osmia.roles.Leadership;
import io.osmia.store.Store;
import io.osmia.store.loop.StoreLoop;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Runs the {@link TaskReaper} while this manager leads. */
@Component(service = {})
public final class ReaperLoop {

    private final StoreLoop loop;

    @Activate
    public ReaperLoop(@Reference Leadership leadership, @Reference Store store, @Reference Clock clock) {
        loop = new StoreLoop("task-reaper", store, clock, new TaskReaper(store, leadership.term())).start();
    }

    @Deactivate
    void deactivate() {
        loop.close();
    }
}
