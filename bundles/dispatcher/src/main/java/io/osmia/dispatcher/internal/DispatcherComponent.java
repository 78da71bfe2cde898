package io.osmia.dispatcher.internal;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
import io.osmia.roles.Ids;
import io.osmia.roles.Leadership;
import io.osmia.roles.Membership;
import io.osmia.roles.Registration;
import io.osmia.store.Store;
import io.osmia.store.loop.StoreLoop;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dispatcher of the leader: agents' sessions, and what they are told and report. */
@Component(service = {BindableService.class, DispatcherComponent.class}, immediate = true)
public final class DispatcherComponent implements BindableService {

    private static final Logger LOG = LoggerFactory.getLogger(DispatcherComponent.class);

    private final Dispatching dispatching;
    private final DispatcherService service;
    private final StoreLoop loop;
    private final Registration members;

    @Activate
    public DispatcherComponent(
            @Reference Leadership leadership,
            @Reference Store store,
            @Reference Clock clock,
            @Reference Ids ids,
            @Reference Membership membership,
            @Reference Credentials credentials) {
        Timing timing = Timing.DEFAULT;
        Executor writing = task -> Thread.ofVirtual().name("dispatcher-write").start(task);
        // The writer and the loop need each other.
        CompletableFuture<StoreLoop> made = new CompletableFuture<>();
        StatusWriter writer = new StatusWriter(
                store,
                leadership.term(),
                credentials.nodeId(),
                writing,
                message -> made.join().post(message),
                new Pace(timing.quiet(), timing.writesAtOnce()));
        dispatching = new Dispatching(
                store,
                ids,
                new SplittableRandom(),
                timing,
                credentials.clusterId(),
                new SessionMessages(credentials.clusterId(), membership),
                writer);
        loop = new StoreLoop("dispatcher", store, clock, dispatching);
        made.complete(loop);
        service = new DispatcherService(dispatching, loop::post, clock);
        members = membership.onChange(() -> loop.post(dispatching::managersChanged));
        loop.start();
    }

    @Override
    public ServerServiceDefinition bindService() {
        return service.bindService();
    }

    /** What this leader has heard of nodes; for the other components of this bundle. */
    BindableService evidence() {
        return new EvidenceService(dispatching, service);
    }

    @Deactivate
    public void stop() {
        members.close();
        CountDownLatch ended = new CountDownLatch(1);
        service.stop(() -> {
            dispatching.stop();
            ended.countDown();
        });
        try {
            if (!ended.await(1, TimeUnit.SECONDS)) {
                LOG.warn("dispatcher: streams were not ended within 1 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.close();
    }
}
