package io.osmia.plugins.internal;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.osmia.wire.osmia.InstallPluginRequest;
import io.osmia.wire.osmia.ListPluginsResponse;
import io.osmia.wire.osmia.NodePluginsGrpc;
import io.osmia.wire.osmia.PluginChange;
import io.osmia.wire.osmia.PluginOrder;
import io.osmia.wire.osmia.PluginOrder.OrderCase;
import io.osmia.wire.osmia.PluginRefusal;
import io.osmia.wire.osmia.PluginReport;
import io.osmia.wire.osmia.PluginsGrpc;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a call to the leader open on one connection, and does what comes over it, until it is closed. */
final class Attendance implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Attendance.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    /** A manager of another make does not know the call, and will not learn it. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final NodePluginsGrpc.NodePluginsStub leader;
    private final PluginsGrpc.PluginsImplBase plugins;
    private final Consumer<Boolean> signed;
    private final Thread thread;
    private volatile boolean closed;

    private Attendance(Channel manager, PluginsGrpc.PluginsImplBase plugins, Consumer<Boolean> signed) {
        this.leader = NodePluginsGrpc.newStub(manager);
        this.plugins = plugins;
        this.signed = signed;
        this.thread = Thread.ofVirtual().name("plugin-orders").unstarted(this::run);
    }

    static Attendance begin(Channel manager, PluginsGrpc.PluginsImplBase plugins, Consumer<Boolean> signed) {
        Attendance attendance = new Attendance(manager, plugins, signed);
        attendance.thread.start();
        return attendance;
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        try {
            while (!closed) {
                Taking taking = new Taking();
                try {
                    leader.attend(taking);
                    Status end = taking.end.get();
                    LOG.debug("plugins: no orders of the leader for now: {}", end);
                } finally {
                    taking.cancel();
                }
                Thread.sleep(pause);
                Duration longer = pause.multipliedBy(2);
                pause = taking.heard ? FIRST_PAUSE : longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
            }
        } catch (InterruptedException e) {
            LOG.debug("plugins: the connection to the leader is given up");
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("the end of a call is a status", impossible);
        }
    }

    /** Does not wait. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    /** One call: its methods come one after the other, on the connection's threads. */
    private final class Taking implements ClientResponseObserver<PluginReport, PluginOrder> {

        private final CompletableFuture<Status> end = new CompletableFuture<>();
        /** What is still being said, and not refused yet. */
        private final Map<Long, Taken> orders = new ConcurrentHashMap<>();
        private volatile @Nullable ClientCallStreamObserver<PluginReport> reports;
        private volatile boolean heard;

        @Override
        public void beforeStart(ClientCallStreamObserver<PluginReport> call) {
            reports = call;
        }

        void cancel() {
            ClientCallStreamObserver<PluginReport> call = reports;
            if (call != null) {
                call.cancel("no longer needed", null);
            }
        }

        @Override
        public void onNext(PluginOrder part) {
            heard = true;
            if (part.getOrderCase() == OrderCase.RULES) {
                signed.accept(part.getRules().getSigned());
                return;
            }
            if (begins(part)) {
                orders.put(part.getId(), new Taken(part.getId(), this));
            }
            Taken order = part.getLast() || part.getDropped()
                    ? orders.remove(part.getId())
                    : orders.get(part.getId());
            if (order == null) {
                return; // it was refused before all of it was here
            }
            if (part.getDropped()) {
                order.drop();
            } else {
                order.take(part);
            }
        }

        private static boolean begins(PluginOrder part) {
            return part.getOrderCase() == OrderCase.INSTALL
                    ? part.getInstall().hasInstall()
                    : !part.getLast() && !part.getDropped();
        }

        @Override
        public void onError(Throwable cause) {
            ended(Status.fromThrowable(cause));
        }

        @Override
        public void onCompleted() {
            ended(Status.OK);
        }

        private void ended(Status why) {
            orders.values().forEach(Taken::drop);
            orders.clear();
            end.complete(why);
        }

        private synchronized void report(PluginReport report) {
            orders.remove(report.getId());
            ClientCallStreamObserver<PluginReport> call = reports;
            try {
                if (call != null) {
                    call.onNext(report);
                }
            } catch (IllegalStateException e) {
                LOG.info("plugins: the leader does not hear any more what became of its order {}", report.getId());
            }
        }
    }

    /** One order as it comes in. */
    private final class Taken {

        private final long id;
        private final Taking taking;
        private PluginOrder said = PluginOrder.getDefaultInstance();
        private @Nullable StreamObserver<InstallPluginRequest> jar;

        Taken(long id, Taking taking) {
            this.id = id;
            this.taking = taking;
        }

        void take(PluginOrder part) {
            if (part.getOrderCase() == OrderCase.INSTALL) {
                StreamObserver<InstallPluginRequest> open = jar;
                if (open == null) {
                    open = plugins.installPlugin(answer(PluginReport.Builder::setChange));
                    jar = open;
                }
                open.onNext(part.getInstall());
            } else if (part.getOrderCase() != OrderCase.ORDER_NOT_SET) {
                said = part;
            }
            if (part.getLast()) {
                act();
            }
        }

        private void act() {
            StreamObserver<InstallPluginRequest> open = jar;
            if (open != null) {
                open.onCompleted();
                return;
            }
            switch (said.getOrderCase()) {
                case LIST -> plugins.listPlugins(
                        said.getList(), this.<ListPluginsResponse>answer(PluginReport.Builder::setList));
                case ROLLBACK -> plugins.rollbackPlugin(
                        said.getRollback(), this.<PluginChange>answer(PluginReport.Builder::setChange));
                case REMOVE -> plugins.removePlugin(
                        said.getRemove(), this.<PluginChange>answer(PluginReport.Builder::setChange));
                default -> this.<PluginChange>answer(PluginReport.Builder::setChange)
                        .onError(Status.UNIMPLEMENTED
                                .withDescription("this node does not know such an order: its Osmia is an older one")
                                .asException());
            }
        }

        void drop() {
            StreamObserver<InstallPluginRequest> open = jar;
            if (open != null) {
                open.onError(Status.CANCELLED.withDescription("the order was dropped").asException());
            }
        }

        private <A> StreamObserver<A> answer(BiConsumer<PluginReport.Builder, A> put) {
            return new StreamObserver<>() {
                @Override
                public void onNext(A answer) {
                    PluginReport.Builder report = PluginReport.newBuilder().setId(id);
                    put.accept(report, answer);
                    taking.report(report.build());
                }

                @Override
                public void onError(Throwable refused) {
                    Status status = Status.fromThrowable(refused);
                    taking.report(PluginReport.newBuilder()
                            .setId(id)
                            .setRefusal(PluginRefusal.newBuilder()
                                    .setCode(status.getCode().value())
                                    .setReason(String.valueOf(status.getDescription())))
                            .build());
                }

                @Override
                public void onCompleted() {
                    // the one answer was given
                }
            };
        }
    }
}
