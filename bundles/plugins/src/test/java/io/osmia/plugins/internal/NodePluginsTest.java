package io.osmia.plugins.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.osmia.roles.Caller;
import io.osmia.wire.osmia.InstallPluginRequest;
import io.osmia.wire.osmia.ListPluginsRequest;
import io.osmia.wire.osmia.ListPluginsResponse;
import io.osmia.wire.osmia.NodePluginsGrpc;
import io.osmia.wire.osmia.Plugin;
import io.osmia.wire.osmia.PluginChange;
import io.osmia.wire.osmia.PluginInstall;
import io.osmia.wire.osmia.PluginOrder;
import io.osmia.wire.osmia.PluginReport;
import io.osmia.wire.osmia.PluginsGrpc;
import io.osmia.wire.osmia.RollbackPluginRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The road from who gives an order over the leader to a node, and back. */
@Timeout(60)
class NodePluginsTest {

    private static final Metadata.Key<String> NODE = Metadata.Key.of("node", Metadata.ASCII_STRING_MARSHALLER);
    private static final int CHUNK = 1 << 16;

    private final AtomicBoolean signed = new AtomicBoolean();
    private final NodePlugins leading = new NodePlugins(signed::get, Duration.ZERO, Duration.ofMillis(300));
    private final NodeHands hands = new NodeHands();
    private final PluginOrders orders = new PluginOrders();
    private Server leader;
    private ManagedChannel way;

    @BeforeEach
    void start() throws Exception {
        leader = InProcessServerBuilder.forName("leader")
                .addService(leading)
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        String node = String.valueOf(headers.get(NODE));
                        Caller caller = new Caller(node, "swarm-worker", "cluster", "", false);
                        return Contexts.interceptCall(
                                Context.current().withValue(Caller.KEY, caller), call, headers, next);
                    }
                })
                .build()
                .start();
        way = InProcessChannelBuilder.forName("leader").build();
        orders.up(as("worker"));
        orders.serve(hands, hands.rules::add);
        assertThat(hands.rules.poll(10, TimeUnit.SECONDS)).as("it attends").isFalse();
    }

    private Channel as(String node) {
        Metadata headers = new Metadata();
        headers.put(NODE, node);
        return io.grpc.ClientInterceptors.intercept(way, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @AfterEach
    void stop() throws Exception {
        orders.stop();
        leading.close();
        way.shutdownNow();
        leader.shutdownNow();
        leader.awaitTermination(10, TimeUnit.SECONDS);
    }

    /** Does nothing with plugins, and remembers what it was told. */
    private static final class NodeHands extends PluginsGrpc.PluginsImplBase {

        final BlockingQueue<Boolean> rules = new LinkedBlockingQueue<>();
        final BlockingQueue<String> dropped = new LinkedBlockingQueue<>();
        final AtomicInteger bytes = new AtomicInteger();
        /** The node does not take more until it is complete. */
        volatile @Nullable CompletableFuture<Boolean> slow;
        volatile @Nullable Status refusal;
        volatile boolean refusesAtOnce;
        final AtomicInteger uploads = new AtomicInteger();

        @Override
        public void listPlugins(ListPluginsRequest request, StreamObserver<ListPluginsResponse> answer) {
            answer.onNext(ListPluginsResponse.newBuilder()
                    .addPlugins(Plugin.newBuilder().setName("process"))
                    .build());
            answer.onCompleted();
        }

        @Override
        public void rollbackPlugin(RollbackPluginRequest request, StreamObserver<PluginChange> answer) {
            // never answers
        }

        @Override
        public StreamObserver<InstallPluginRequest> installPlugin(StreamObserver<PluginChange> answer) {
            uploads.incrementAndGet();
            if (refusesAtOnce) {
                answer.onError(Status.UNAVAILABLE.withDescription("no room for it").asException());
            }
            return new StreamObserver<>() {
                private PluginInstall install = PluginInstall.getDefaultInstance();

                @Override
                public void onNext(InstallPluginRequest part) {
                    if (part.hasInstall()) {
                        install = part.getInstall();
                    }
                    bytes.addAndGet(part.getChunk().size());
                    CompletableFuture<Boolean> wait = slow;
                    if (wait != null) {
                        wait.join();
                    }
                }

                @Override
                public void onError(Throwable gone) {
                    dropped.add(Status.fromThrowable(gone).toString());
                }

                @Override
                public void onCompleted() {
                    Status why = refusal;
                    if (why != null) {
                        answer.onError(why.asException());
                        return;
                    }
                    answer.onNext(PluginChange.newBuilder()
                            .setName("process")
                            .setDryRun(install.getDryRun())
                            .setWorkloads(bytes.get())
                            .build());
                    answer.onCompleted();
                }
            };
        }
    }

    /** An order on its way. */
    private final class Given implements StreamObserver<PluginReport> {

        final CompletableFuture<PluginReport> answer = new CompletableFuture<>();
        final StreamObserver<PluginOrder> order = NodePluginsGrpc.newStub(way).order(this);

        Given say(PluginOrder.Builder part) {
            order.onNext(part.build());
            return this;
        }

        PluginReport end() throws Exception {
            order.onCompleted();
            return answer.get(10, TimeUnit.SECONDS);
        }

        @Override
        public void onNext(PluginReport report) {
            answer.complete(report);
        }

        @Override
        public void onError(Throwable cause) {
            answer.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {}
    }

    private static PluginOrder.Builder to(String node) {
        return PluginOrder.newBuilder().setNodeId(node);
    }

    private static PluginOrder.Builder list(String node) {
        return to(node).setList(ListPluginsRequest.getDefaultInstance());
    }

    private static PluginOrder.Builder install() {
        return to("worker").setInstall(InstallPluginRequest.newBuilder()
                .setInstall(PluginInstall.newBuilder().setDryRun(true)));
    }

    private static PluginOrder.Builder chunk() {
        return PluginOrder.newBuilder()
                .setInstall(InstallPluginRequest.newBuilder().setChunk(ByteString.copyFrom(new byte[CHUNK])));
    }

    @Test
    void aNodeDoesWhatItIsToldAndItsAnswerComesBack() throws Exception {
        PluginReport listed = new Given().say(list("worker")).end();
        assertThat(listed.getList().getPlugins(0).getName()).isEqualTo("process");
        assertThat(listed.getId()).isZero();
        Given jar = new Given().say(install());
        for (int at = 0; at < 50; at++) {
            jar.say(chunk());
        }
        PluginChange change = jar.end().getChange();
        assertThat(change.getWorkloads()).isEqualTo(50 * CHUNK);
        assertThat(change.getDryRun()).isTrue();
    }

    @Test
    void whatTheNodeRefusesIsRefusedWithItsWords() throws Exception {
        hands.refusal = Status.FAILED_PRECONDITION.withDescription("it does not start");
        PluginReport report = new Given().say(install()).say(chunk()).end();
        assertThat(report.getRefusal().getReason()).isEqualTo("it does not start");
        assertThat(report.getRefusal().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION.value());
    }

    @Test
    void aNodeMayRefuseBeforeAllOfItHasCome() throws Exception {
        hands.refusesAtOnce = true;
        Given given = new Given().say(install());
        assertThat(given.answer.get(10, TimeUnit.SECONDS).getRefusal().getReason()).isEqualTo("no room for it");
        assertThat(new Given().say(list("worker")).end().hasList()).isTrue();
        assertThat(hands.uploads.get()).isEqualTo(1);
    }

    @Test
    void aNodeThatIsAwayIsNamed() {
        assertThatThrownBy(() -> new Given().say(list("elsewhere")).end())
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("FAILED_PRECONDITION: node elsewhere is away");
    }

    @Test
    void aNodeThatGoesAwayMeanwhileIsNamed() throws Exception {
        Given given = new Given().say(to("worker").setRollback(RollbackPluginRequest.getDefaultInstance()));
        given.order.onCompleted();
        assertThat(new Given().say(list("worker")).end().hasList()).as("the order before has arrived").isTrue();
        orders.serveNoMore();
        assertThatThrownBy(() -> given.answer.get(10, TimeUnit.SECONDS))
                .hasMessageContaining("ABORTED: node worker went away before it said what became of the order");
    }

    @Test
    void aNodeComesBackOnANewConnection() throws Exception {
        Channel again = as("worker");
        orders.up(again);
        assertThat(hands.rules.poll(10, TimeUnit.SECONDS)).isFalse();
        assertThat(new Given().say(list("worker")).end().hasList()).isTrue();
        orders.down(again);
        assertThatThrownBy(() -> {
            while (true) {
                new Given().say(list("worker")).end();
            }
        }).hasMessageContaining("node worker");
    }

    @Test
    void whatIsLeftHalfSaidIsDropped() throws Exception {
        Given given = new Given().say(install()).say(chunk());
        org.awaitility.Awaitility.await().until(() -> hands.bytes.get() == CHUNK);
        given.order.onError(Status.CANCELLED.asException());
        assertThat(hands.dropped.poll(10, TimeUnit.SECONDS)).contains("the order was dropped");
    }

    @Test
    void nothingPilesUpAtTheLeaderWhenTheNodeIsSlow() throws Exception {
        CompletableFuture<Boolean> taken = new CompletableFuture<>();
        hands.slow = taken;
        Given given = new Given().say(install());
        io.grpc.stub.ClientCallStreamObserver<PluginOrder> order =
                (io.grpc.stub.ClientCallStreamObserver<PluginOrder>) given.order;
        int sent = 0;
        long end = System.nanoTime() + Duration.ofMillis(500).toNanos();
        while (System.nanoTime() < end) {
            if (order.isReady()) {
                given.say(chunk());
                sent++;
            } else {
                Thread.onSpinWait();
            }
        }
        assertThat(sent).as("pieces that were taken from the giver").isLessThan(10);
        taken.complete(true);
        assertThat(given.end().getChange().getWorkloads()).isEqualTo(sent * CHUNK);
    }

    @Test
    void nodesHearWhatTheClusterDemandsWhenItChangesAndBeforeAnOrder() throws Exception {
        leading.tellRules();
        signed.set(true);
        leading.tellRules();
        assertThat(hands.rules.poll(10, TimeUnit.SECONDS)).isTrue();
        signed.set(false);
        new Given().say(list("worker")).end();
        assertThat(List.copyOf(hands.rules)).containsExactly(false);
    }

    @Test
    void ordersOfALeaderThatStepsDownFail() throws Exception {
        Given given = new Given().say(to("worker").setRollback(RollbackPluginRequest.getDefaultInstance()));
        given.order.onCompleted();
        assertThat(new Given().say(list("worker")).end().hasList()).isTrue();
        leading.close();
        assertThatThrownBy(() -> given.answer.get(10, TimeUnit.SECONDS))
                .hasMessageContaining("UNAVAILABLE: this manager does not lead any more");
    }
}
