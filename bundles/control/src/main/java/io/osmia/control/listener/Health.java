package io.osmia.control.listener;

import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import io.osmia.store.loop.Trouble;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.HealthCheckRequest;
import io.osmia.wire.swarmkit.HealthCheckResponse;
import io.osmia.wire.swarmkit.HealthGrpc;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Both health services. */
final class Health {

    private static final Logger LOG = LoggerFactory.getLogger(Health.class);
    private static final long LOOK_EVERY_MILLIS = 1_000;

    private Health() {}

    /** SwarmKit's (rules 8.3.4 and 9.3.1): "Raft" serves before the manager has joined, "ControlAPI" when it knows its cluster. */
    static final class OfManager extends HealthGrpc.HealthImplBase {

        private final Reach reach;
        private final Services services;

        OfManager(Reach reach, Services services) {
            this.reach = reach;
            this.services = services;
        }

        @Override
        public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
            HealthCheckResponse.ServingStatus status = status(request.getService());
            if (status == HealthCheckResponse.ServingStatus.UNKNOWN) {
                answer.onError(
                        Status.NOT_FOUND.withDescription("unknown service").asRuntimeException());
                return;
            }
            answer.onNext(HealthCheckResponse.newBuilder().setStatus(status).build());
            answer.onCompleted();
        }

        private HealthCheckResponse.ServingStatus status(String service) {
            if (service.isEmpty() || (service.equals("Raft") && reach == Reach.REMOTE)) {
                return HealthCheckResponse.ServingStatus.SERVING;
            }
            if (!service.equals("ControlAPI") || reach != Reach.LOCAL) {
                return HealthCheckResponse.ServingStatus.UNKNOWN;
            }
            return services.servesControl(reach) && services.trouble().isEmpty()
                    ? HealthCheckResponse.ServingStatus.SERVING
                    : HealthCheckResponse.ServingStatus.NOT_SERVING;
        }
    }

    /**
     * {@code grpc.health.v1}: a service is SERVING while somebody implements it, else NOT_SERVING. The Control service is
     * not SERVING either while there is no cluster to speak of (rule 8.3.4) or no change is taken, e.g. on a full disk; the log says why.
     */
    static final class Standard {

        private final Services services;
        private final Runnable watcher = this::refresh;
        private @Nullable HealthStatusManager manager; // guarded by this
        private final Trouble trouble = new Trouble(); // guarded by this
        private @Nullable ScheduledExecutorService looks; // guarded by this

        Standard(Services services) {
            this.services = services;
        }

        synchronized BindableService service() {
            HealthStatusManager known = manager;
            if (known == null) {
                known = new HealthStatusManager();
                manager = known;
                services.watch(watcher);
                ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("health").daemon().factory());
                thread.scheduleWithFixedDelay(watcher, 0, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                looks = thread;
                refresh();
            }
            return known.getHealthService();
        }

        private synchronized void refresh() {
            HealthStatusManager known = manager;
            if (known == null) {
                return;
            }
            Set<String> offered = services.offers(Reach.LOCAL).stream()
                    .map(Services.Offer::name)
                    .collect(Collectors.toCollection(TreeSet::new));
            services.offers(Reach.REMOTE).forEach(offer -> offered.add(offer.name()));
            if (offered.contains(ControlGrpc.SERVICE_NAME) && (!services.knowsCluster() || troubled())) {
                offered.remove(ControlGrpc.SERVICE_NAME);
            }
            for (KnownService service : KnownService.ALL) {
                known.setStatus(
                        service.name(),
                        offered.contains(service.name()) ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
            }
            offered.forEach(name -> known.setStatus(name, ServingStatus.SERVING));
        }

        /** Under the lock; says in the log when it begins and ends. */
        private boolean troubled() {
            Optional<String> reason = services.trouble();
            if (reason.isEmpty()) {
                if (trouble.ends() > 0) {
                    LOG.info("health: {} is SERVING again", ControlGrpc.SERVICE_NAME);
                }
                return false;
            }
            if (trouble.begins(reason.get())) {
                LOG.warn("health: {} is NOT_SERVING: {}", ControlGrpc.SERVICE_NAME, reason.get());
            }
            return true;
        }

        /** Ends watches with NOT_SERVING. */
        synchronized void close() {
            services.unwatch(watcher);
            if (looks != null) {
                looks.shutdownNow();
            }
            if (manager != null) {
                manager.enterTerminalState();
            }
        }
    }
}
