package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.osmia.roles.Caller;
import io.osmia.roles.ReadBarrier;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.CreateSecretRequest;
import io.osmia.wire.swarmkit.CreateSecretResponse;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import io.osmia.store.LocalStore;
import io.osmia.store.StoreException;
import io.osmia.wire.swarmkit.HealthCheckRequest;
import io.osmia.wire.swarmkit.HealthCheckResponse;
import io.osmia.wire.swarmkit.HealthGrpc;
import io.osmia.wire.swarmkit.HeartbeatRequest;
import io.osmia.wire.swarmkit.HeartbeatResponse;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListNodesResponse;
import io.osmia.wire.swarmkit.LogBrokerGrpc;
import io.osmia.wire.swarmkit.PublishLogsMessage;
import io.osmia.wire.swarmkit.PublishLogsResponse;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.SessionRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rule 8.8: a follower and a leader, both with their listeners, and real connections between them. RAF-026. */
class ForwardingTest {

    private static final String FOLLOWER = "follower00000000000000001";

    @TempDir
    Path directory;

    private ListenerFixture leader;
    private ListenerFixture follower;
    private final TestMembership membership = new TestMembership();
    private final AtomicReference<Caller> caller = new AtomicReference<>();
    private final AtomicInteger calls = new AtomicInteger();

    @BeforeEach
    void start() throws Exception {
        leader = new ListenerFixture(Files.createDirectories(directory.resolve("leader"))).start();
        follower = ListenerFixture.besides(leader, Files.createDirectories(directory.resolve("follower")), FOLLOWER)
                .start();
        TestMembership ofLeader = new TestMembership();
        ofLeader.leads(ListenerFixture.NODE, leader.bound().remoteAddress());
        leader.services.addMembership(ofLeader);
        leader.services.addChannels(leader.channels());
        follower.services.addMembership(membership);
        follower.services.addChannels(follower.channels());
        membership.leads(ListenerFixture.NODE, leader.bound().remoteAddress());
        leader.offer(new Writes());
        leader.offer(new Beats());
    }

    @AfterEach
    void stop() throws Exception {
        follower.close();
        leader.close();
    }

    /** Notes who calls. */
    private final class Beats extends DispatcherGrpc.DispatcherImplBase {

        @Override
        public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> answer) {
            caller.set(Caller.current());
            answer.onNext(HeartbeatResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }

    /** Counts secrets. */
    private final class Writes extends ControlGrpc.ControlImplBase {

        @Override
        public void createSecret(CreateSecretRequest request, StreamObserver<CreateSecretResponse> answer) {
            calls.incrementAndGet();
            caller.set(Caller.current());
            if (request.getSpec().getAnnotations().getName().equals("refused")) {
                answer.onError(Status.ALREADY_EXISTS
                        .withDescription("secret refused already exists")
                        .asRuntimeException());
                return;
            }
            if (request.getSpec().getAnnotations().getName().equals("unknown")) {
                throw new StoreException(StoreException.Reason.OUTCOME_UNKNOWN);
            }
            CreateSecretResponse.Builder made = CreateSecretResponse.newBuilder();
            made.getSecretBuilder().setId("s1").setSpec(request.getSpec());
            answer.onNext(made.build());
            answer.onCompleted();
        }
    }

    private static CreateSecretRequest secret(String name) {
        CreateSecretRequest.Builder request = CreateSecretRequest.newBuilder();
        request.getSpecBuilder().getAnnotationsBuilder().setName(name);
        return request.build();
    }

    private static ControlGrpc.ControlBlockingStub control(Channel channel) {
        return ControlGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    private static void beat(Channel channel) {
        DispatcherGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .heartbeat(HeartbeatRequest.getDefaultInstance());
    }

    private static <S extends io.grpc.stub.AbstractStub<S>> S with(S stub, String... keysAndValues) {
        Metadata headers = new Metadata();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            headers.put(Metadata.Key.of(keysAndValues[i], Metadata.ASCII_STRING_MARSHALLER), keysAndValues[i + 1]);
        }
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @Test
    void aFollowerPassesAWriteOnAndTheAnswerBack() throws Exception {
        assertThat(control(follower.manager()).createSecret(secret("a")).getSecret().getId()).isEqualTo("s1");

        refuses(
                () -> control(follower.manager()).createSecret(secret("refused")),
                "ALREADY_EXISTS: secret refused already exists");
        assertThat(calls).hasValue(2);
    }

    /** Rule 8.8.6: the status is the one of a connection that failed, but it is an answer. */
    @Test
    void aWriteOfUnknownOutcomeIsNotMadeTwice() throws Exception {
        refuses(
                () -> control(follower.manager()).createSecret(secret("unknown")),
                "UNAVAILABLE: " + StoreException.Reason.OUTCOME_UNKNOWN.text());
        assertThat(calls).hasValue(1);
    }

    @Test
    void theLeaderKnowsTheCallerByItsOwnName() throws Exception {
        beat(follower.worker());

        assertThat(caller.get().nodeId()).isEqualTo("someworker000000000000000");
        assertThat(caller.get().role()).isEqualTo("swarm-worker");
        assertThat(caller.get().organization()).isEqualTo(ListenerFixture.CLUSTER);
        assertThat(caller.get().forwarded()).isTrue();
        assertThat(caller.get().remoteAddress()).startsWith("127.0.0.1:");
    }

    @Test
    @DisplayName("rule 8.8.2")
    void callsFromTheLocalSocketComeFromTheFollowerItself() {
        control(follower.plain("localhost")).createSecret(secret("a"));

        assertThat(caller.get().nodeId()).isEqualTo(FOLLOWER);
        assertThat(caller.get().role()).isEqualTo("swarm-manager");
        assertThat(caller.get().forwarded()).isFalse();
    }

    @Test
    @DisplayName("rule 7.9.4")
    void whatACallerSaysOfItselfIsOverwritten() throws Exception {
        var forged = with(
                DispatcherGrpc.newBlockingStub(follower.plain("localhost")),
                "forwarded_cert", "true",
                "forwarded_cert_cn", "somebodyelse",
                "forwarded_cert_org", ListenerFixture.CLUSTER,
                "forwarded_cert_ou", "swarm-worker");

        forged.heartbeat(HeartbeatRequest.getDefaultInstance());

        assertThat(caller.get().nodeId()).isEqualTo(FOLLOWER);
    }

    @Test
    @DisplayName("rule 8.8.4")
    void aCallIsPassedOnOnlyOnce() throws Exception {
        var redirected = with(control(follower.manager()), "redirect", "10.0.0.1:5");

        refuses(
                () -> redirected.createSecret(secret("a")),
                "RESOURCE_EXHAUSTED: more than one redirect to leader from: [10.0.0.1:5]");
        assertThat(calls).hasValue(0);
    }

    @Test
    void aFollowerWaitsForALeader() throws Exception {
        membership.nobodyLeads();
        CompletableFuture<CreateSecretResponse> answer = CompletableFuture.supplyAsync(
                () -> control(follower.plain("localhost")).createSecret(secret("a")));
        assertThat(calls).hasValue(0);

        membership.leads(ListenerFixture.NODE, leader.bound().remoteAddress());

        assertThat(answer.get(10, TimeUnit.SECONDS).getSecret().getId()).isEqualTo("s1");
    }

    @Test
    @DisplayName("rule 8.8.6: who became leader meanwhile answers itself")
    void aManagerThatBecomesLeaderMeanwhileAnswersItself() throws Exception {
        membership.nobodyLeads();
        CompletableFuture<CreateSecretResponse> answer = CompletableFuture.supplyAsync(
                () -> control(follower.plain("localhost")).createSecret(secret("a")));

        follower.offer(new Writes());
        membership.leads(FOLLOWER, follower.bound().remoteAddress());

        assertThat(answer.get(10, TimeUnit.SECONDS).getSecret().getId()).isEqualTo("s1");
        assertThat(caller.get().nodeId()).isEqualTo(FOLLOWER);
    }

    @Test
    void aCallThatNeverLeftIsMadeAgainAtTheNextLeader() throws Exception {
        membership.leads("deadmanager00000000000001", "127.0.0.1:" + closedPort());
        CompletableFuture<CreateSecretResponse> answer = CompletableFuture.supplyAsync(
                () -> control(follower.plain("localhost")).createSecret(secret("a")));
        refuses(
                () -> control(follower.plain("localhost"))
                        .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                        .createSecret(secret("late")),
                null);

        membership.leads(ListenerFixture.NODE, leader.bound().remoteAddress());

        assertThat(answer.get(10, TimeUnit.SECONDS).getSecret().getId()).isEqualTo("s1");
        assertThat(calls).hasValue(1);
    }

    private static int closedPort() throws Exception {
        try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    @Test
    void aWriteWhoseAnswerIsLostIsNotMadeTwiceAndSaysSo() throws Exception {
        CompletableFuture<Void> entered = new CompletableFuture<>();
        ControlGrpc.ControlImplBase silent = new ControlGrpc.ControlImplBase() {
            @Override
            public void removeSecret(
                    io.osmia.wire.swarmkit.RemoveSecretRequest request,
                    StreamObserver<io.osmia.wire.swarmkit.RemoveSecretResponse> answer) {
                calls.incrementAndGet();
                entered.complete(null); // and never answers
            }
        };
        leader.services.removeService(leader.services.offers(Reach.LOCAL).getFirst().service());
        leader.offer(silent);
        var answer = ControlGrpc.newFutureStub(follower.plain("localhost"))
                .removeSecret(io.osmia.wire.swarmkit.RemoveSecretRequest.getDefaultInstance());
        entered.get(10, TimeUnit.SECONDS);

        membership.leads("thirdmanager0000000000001", "127.0.0.1:" + closedPort());

        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                .hasMessageContaining("UNAVAILABLE")
                .hasMessageContaining("whether Control.RemoveSecret was carried out is unknown");
        assertThat(calls).hasValue(1);
    }

    @Test
    void deadlinesAndTheEndOfACallReachTheLeader() throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        CompletableFuture<Boolean> hasDeadline = new CompletableFuture<>();
        leader.services.removeService(leader.services.offers(Reach.LOCAL).getLast().service());
        leader.offer(new DispatcherGrpc.DispatcherImplBase() {
            @Override
            public void session(SessionRequest request, StreamObserver<SessionMessage> answer) {
                ((ServerCallStreamObserver<SessionMessage>) answer).setOnCancelHandler(() -> ended.complete(true));
                hasDeadline.complete(Context.current().getDeadline() != null);
                answer.onNext(SessionMessage.newBuilder().setSessionId("one").build());
            }
        });
        try (Context.CancellableContext context = Context.current().withCancellation()) {
            context.run(() -> assertThat(DispatcherGrpc.newBlockingStub(follower.plain("localhost"))
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .session(SessionRequest.getDefaultInstance())
                    .next()
                    .getSessionId())
                    .isEqualTo("one"));
            assertThat(hasDeadline.get(10, TimeUnit.SECONDS)).isTrue();
            context.cancel(null);
        }

        assertThat(ended.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @DisplayName("rule 8.8.7")
    void aStreamIsCopiedMessageByMessageAndASlowReaderSlowsTheWriter() throws Exception {
        int message = 64 << 10;
        int most = 500; // 32 MB
        AtomicInteger sent = new AtomicInteger();
        leader.services.removeService(leader.services.offers(Reach.LOCAL).getLast().service());
        leader.offer(new DispatcherGrpc.DispatcherImplBase() {
            @Override
            public void session(SessionRequest request, StreamObserver<SessionMessage> answer) {
                var stream = (ServerCallStreamObserver<SessionMessage>) answer;
                stream.setOnReadyHandler(() -> {
                    while (stream.isReady() && sent.get() < most) {
                        stream.onNext(SessionMessage.newBuilder()
                                .setSessionId("x".repeat(message))
                                .build());
                        if (sent.incrementAndGet() == most) {
                            stream.onCompleted();
                        }
                    }
                });
            }
        });
        var messages = DispatcherGrpc.newBlockingStub(follower.plain("localhost"))
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .session(SessionRequest.getDefaultInstance());

        int received = 1;
        messages.next();
        assertThat(sent.get()).as("sent while one was read").isLessThan(most);
        while (messages.hasNext()) {
            messages.next();
            received++;
        }
        assertThat(received).isEqualTo(most);
    }

    @Test
    void aStreamOfRequestsEndsWithItsCallersHalfClose() throws Exception {
        AtomicInteger received = new AtomicInteger();
        leader.offer(new LogBrokerGrpc.LogBrokerImplBase() {
            @Override
            public StreamObserver<PublishLogsMessage> publishLogs(StreamObserver<PublishLogsResponse> answer) {
                return new StreamObserver<>() {
                    @Override
                    public void onNext(PublishLogsMessage value) {
                        received.incrementAndGet();
                    }

                    @Override
                    public void onError(Throwable error) {
                        // the test misses its answer
                    }

                    @Override
                    public void onCompleted() {
                        answer.onNext(PublishLogsResponse.getDefaultInstance());
                        answer.onCompleted();
                    }
                };
            }
        });
        BlockingQueue<Object> ends = new LinkedBlockingQueue<>();
        var requests = LogBrokerGrpc.newStub(follower.plain("localhost")).publishLogs(new StreamObserver<>() {
            @Override
            public void onNext(PublishLogsResponse value) {
                ends.add(value);
            }

            @Override
            public void onError(Throwable error) {
                ends.add(error);
            }

            @Override
            public void onCompleted() {
                // the answer says it
            }
        });
        for (int i = 0; i < 100; i++) {
            requests.onNext(PublishLogsMessage.getDefaultInstance());
        }
        requests.onCompleted();

        assertThat(ends.poll(10, TimeUnit.SECONDS)).isEqualTo(PublishLogsResponse.getDefaultInstance());
        assertThat(received).hasValue(100);
    }

    /** Knows of versions what it is told. The first question is that of a manager that has just started: it has caught up. */
    private static final class Barrier implements ReadBarrier {

        private final AtomicInteger questions = new AtomicInteger();
        final CompletableFuture<Void> linearizable = new CompletableFuture<>();
        final CompletableFuture<Void> reached = new CompletableFuture<>();
        final CompletableFuture<Long> asked = new CompletableFuture<>();

        @Override
        public CompletableFuture<Void> linearizable() {
            return questions.getAndIncrement() == 0 ? CompletableFuture.completedFuture(null) : linearizable;
        }

        @Override
        public CompletableFuture<Void> reached(long version) {
            asked.complete(version);
            return reached;
        }
    }

    @Test
    void theAnswerToAWriteWaitsUntilTheFollowerShowsIt() throws Exception {
        Barrier barrier = new Barrier();
        follower.services.addBarrier(barrier);
        leader.services.addStore(new BlacklistingStore());
        var answer = ControlGrpc.newFutureStub(follower.plain("localhost")).createSecret(secret("a"));

        assertThat(barrier.asked.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(answer.isDone()).isFalse();
        barrier.reached.complete(null);

        assertThat(answer.get(10, TimeUnit.SECONDS).getSecret().getId()).isEqualTo("s1");
    }

    @Test
    void aFollowerThatDoesNotGetThereSaysThatTheWriteWasMade() throws Exception {
        Barrier barrier = new Barrier();
        follower.services.addBarrier(barrier);
        leader.services.addStore(new BlacklistingStore());
        barrier.reached.completeExceptionally(new IllegalStateException("no leader"));

        assertThatThrownBy(() -> control(follower.plain("localhost")).createSecret(secret("a")))
                .hasMessageStartingWith("UNAVAILABLE: the leader has answered Control.CreateSecret, but this manager"
                        + " does not get to version 1 of the store")
                .hasMessageEndingWith("look before trying again");
    }

    @Test
    void aLinearizableReadWaitsForTheCommitPoint() throws Exception {
        Barrier barrier = new Barrier();
        follower.services.addBarrier(barrier);
        AtomicInteger reads = new AtomicInteger();
        follower.offer(new ControlGrpc.ControlImplBase() {
            @Override
            public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> answer) {
                reads.incrementAndGet();
                answer.onNext(ListNodesResponse.getDefaultInstance());
                answer.onCompleted();
            }
        });
        var plain = ControlGrpc.newFutureStub(follower.plain("localhost"));

        plain.listNodes(ListNodesRequest.getDefaultInstance()).get(10, TimeUnit.SECONDS);
        var read = with(plain, "osmia-read", "linearizable").listNodes(ListNodesRequest.getDefaultInstance());
        plain.listNodes(ListNodesRequest.getDefaultInstance()).get(10, TimeUnit.SECONDS);
        assertThat(reads).hasValue(2);
        barrier.linearizable.complete(null);

        read.get(10, TimeUnit.SECONDS);
        assertThat(reads).hasValue(3);
    }

    @Test
    void aLinearizableReadWithoutALeaderIsRefused() {
        Barrier barrier = new Barrier();
        follower.services.addBarrier(barrier);
        follower.offer(new Writes());
        barrier.linearizable.completeExceptionally(new IllegalStateException("no leader answers"));

        refuses(
                () -> with(control(follower.plain("localhost")), "osmia-read", "linearizable")
                        .listNodes(ListNodesRequest.getDefaultInstance()),
                "UNAVAILABLE: a linearizable read is not possible here at the moment: no leader answers; try again");
    }

    @Test
    @DisplayName("rule 8.3.4")
    void aManagerThatHasNotHeardOfItsClusterReadsNothingAndIsReachableForRaft() throws Exception {
        follower.offer(new Writes());
        try (LocalStore empty = new LocalStore(java.time.Instant::now)) {
            follower.services.addStore(empty);
            assertThat(health("ControlAPI", follower.plain("localhost")))
                    .isEqualTo(HealthCheckResponse.ServingStatus.NOT_SERVING);
            assertThat(health("Raft", follower.manager())).isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
            refuses(
                    () -> control(follower.plain("localhost")).listNodes(ListNodesRequest.getDefaultInstance()),
                    "UNAVAILABLE: Control.ListNodes is not served by this node at the moment: it is starting, or knows"
                            + " no leader; try again");
            follower.services.removeStore(empty);
        }
        follower.services.addStore(new BlacklistingStore());
        assertThat(health("ControlAPI", follower.plain("localhost")))
                .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    }

    private static HealthCheckResponse.ServingStatus health(String service, Channel channel) {
        return HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
    }

    private static void refuses(ThrowingCallable call, String message) {
        var refusal = assertThatThrownBy(call).isInstanceOf(StatusRuntimeException.class);
        if (message != null) {
            refusal.hasMessage(message);
        }
    }
}
