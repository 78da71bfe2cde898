package io.osmia.scheduler.internal;

import io.osmia.roles.Clock;
import io.osmia.roles.Leadership;
import io.osmia.scheduler.internal.plugin.WatchedAttempts;
import io.osmia.store.Store;
import io.osmia.store.loop.StoreLoop;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Runs the scheduler on the leader. */
@Component(service = {}, immediate = true)
public final class SchedulerComponent {

    /** No strategy needs longer for one look at two nodes. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final WatchedAttempts attempts = new WatchedAttempts("scheduler-plugins", PATIENCE);
    private final StoreLoop loop;
    private final AutoCloseable listening;

    @Activate
    public SchedulerComponent(
            @Reference Leadership leadership,
            @Reference Store store,
            @Reference Clock clock,
            @Reference PlacementPlugins plugins) {
        Scheduler scheduler = new Scheduler(store, leadership.term(), plugins::current, attempts, clock::now);
        loop = new StoreLoop("scheduler", store, clock, scheduler);
        listening = plugins.onChange(() -> loop.post(scheduler::pluginsChanged));
        loop.start();
    }

    @Deactivate
    public void close() throws Exception {
        listening.close();
        loop.close();
        attempts.close();
    }
}
