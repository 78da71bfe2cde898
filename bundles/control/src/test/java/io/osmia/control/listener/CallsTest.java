package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.osmia.store.StoreException;
import io.osmia.wire.swarmkit.CAGrpc;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.CreateSecretRequest;
import io.osmia.wire.swarmkit.CreateSecretResponse;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import io.osmia.wire.swarmkit.GetRootCACertificateRequest;
import io.osmia.wire.swarmkit.GetUnlockKeyRequest;
import io.osmia.wire.swarmkit.GetUnlockKeyResponse;
import io.osmia.wire.swarmkit.HeartbeatRequest;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListNodesResponse;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.ListTasksResponse;
import io.osmia.wire.swarmkit.SecretSpec;
import io.osmia.wire.swarmkit.WatchGrpc;
import io.osmia.wire.swarmkit.WatchRequest;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of calls: absent services, services that come and go, failures, bad input. */
class CallsTest {

    @TempDir
    Path state;

    private ListenerFixture node;
    private Channel channel;

    /** Fails as told. */
    private static final class Failing extends ControlGrpc.ControlImplBase {

        private final Supplier<RuntimeException> failure;

        Failing(Supplier<RuntimeException> failure) {
            this.failure = failure;
        }

        @Override
        public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> answer) {
            throw failure.get();
        }

        @Override
        public void listTasks(ListTasksRequest request, StreamObserver<ListTasksResponse> answer) {
            answer.onError(failure.get());
        }

        @Override
        public void createSecret(CreateSecretRequest request, StreamObserver<CreateSecretResponse> answer) {
            answer.onNext(CreateSecretResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }

    @BeforeEach
    void start() throws Exception {
        node = new ListenerFixture(state).start();
        channel = node.plain("localhost");
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    private ControlGrpc.ControlBlockingStub control() {
        return ControlGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    private void listNodes() {
        control().listNodes(ListNodesRequest.getDefaultInstance());
    }

    @Test
    void aServiceThatIsAbsentSaysWhetherToTryAgain() {
        refuses(this::listNodes, "UNAVAILABLE: Control.ListNodes is not served by this node at the moment:"
                + " it is starting, or knows no leader; try again");
        refuses(
                () -> DispatcherGrpc.newBlockingStub(channel).heartbeat(HeartbeatRequest.getDefaultInstance()),
                "ABORTED: dispatcher is stopped");
        refuses(
                () -> CAGrpc.newBlockingStub(channel)
                        .getRootCACertificate(GetRootCACertificateRequest.getDefaultInstance()),
                "ABORTED: CA signer is stopped");
        refuses(
                () -> WatchGrpc.newBlockingStub(channel)
                        .watch(WatchRequest.getDefaultInstance())
                        .next(),
                "UNIMPLEMENTED: Watch.Watch is not supported yet");
    }

    @Test
    void servicesComeAndGoWhileTheListenerStays() {
        Failing service = new Failing(IllegalStateException::new);
        for (int round = 0; round < 3; round++) {
            node.offer(service);
            control().createSecret(CreateSecretRequest.getDefaultInstance());
            node.services.removeService(service);
            refuses(
                    () -> control().createSecret(CreateSecretRequest.getDefaultInstance()),
                    "UNAVAILABLE: Control.CreateSecret is not served by this node at the moment:"
                            + " it is starting, or knows no leader; try again");
        }
    }

    @Test
    void refusalsOfTheStoreReachTheUserAsText() {
        node.offer(new Failing(() -> new StoreException(StoreException.Reason.LOST_LEADERSHIP)));
        String lost = "UNKNOWN: raft: failed to process the request: node lost leader status";

        refuses(this::listNodes, lost);
        refuses(() -> control().listTasks(ListTasksRequest.getDefaultInstance()), lost);
    }

    @Test
    void anUnknownOutcomeIsUnavailability() {
        node.offer(new Failing(() -> new StoreException(StoreException.Reason.OUTCOME_UNKNOWN)));

        refuses(this::listNodes, "UNAVAILABLE: " + StoreException.Reason.OUTCOME_UNKNOWN.text());
    }

    @Test
    void aFullDiskIsExhaustion() {
        node.offer(new Failing(() -> new java.util.concurrent.CompletionException(
                new StoreException(StoreException.Reason.NO_SPACE))));

        refuses(this::listNodes, "RESOURCE_EXHAUSTED: " + StoreException.Reason.NO_SPACE.text());
    }

    @Test
    void aBugIsToldWithoutItsStackTrace() {
        node.offer(new Failing(() -> new IllegalStateException("secret inner life")));
        String text = "INTERNAL: docker.swarmkit.v1.Control/%s failed on an internal error;"
                + " the log of this node has the details";

        refuses(this::listNodes, text.formatted("ListNodes"));
        refuses(() -> control().listTasks(ListTasksRequest.getDefaultInstance()), text.formatted("ListTasks"));
    }

    @Test
    @DisplayName("rule 1.1.8")
    void answersCarryTheSubMessagesThatPeersAlwaysEmit() {
        node.offer(new CAGrpc.CAImplBase() {
            @Override
            public void getUnlockKey(GetUnlockKeyRequest request, StreamObserver<GetUnlockKeyResponse> answer) {
                answer.onNext(GetUnlockKeyResponse.getDefaultInstance());
                answer.onCompleted();
            }
        });
        MethodDescriptor<byte[], byte[]> raw =
                CAGrpc.getGetUnlockKeyMethod().toBuilder(BYTES, BYTES).build();

        byte[] answer = ClientCalls.blockingUnaryCall(
                channel, raw, io.grpc.CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS), new byte[0]);

        assertThat(answer).containsExactly(0x12, 0x00); // field 2, the version, empty
    }

    @Test
    void aMessageOfFiveMebibytesIsRefusedAndTheNodeGoesOn() {
        node.offer(new Failing(IllegalStateException::new));
        CreateSecretRequest large = CreateSecretRequest.newBuilder()
                .setSpec(SecretSpec.newBuilder().setData(ByteString.copyFrom(new byte[5 << 20])))
                .build();

        assertThatThrownBy(() -> control().createSecret(large))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                    assertThat(e.getStatus().getDescription()).contains("4194304");
                });
        control().createSecret(CreateSecretRequest.getDefaultInstance());
    }

    @Test
    void aMessageThatIsNoProtobufIsRefusedAndTheNodeGoesOn() {
        node.offer(new Failing(IllegalStateException::new));
        MethodDescriptor<byte[], byte[]> raw = ControlGrpc.getCreateSecretMethod().toBuilder(BYTES, BYTES).build();

        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(
                channel, raw, io.grpc.CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS), new byte[] {
                    0x0a, 0x7f, 1
                }))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
                    assertThat(e.getStatus().getDescription()).containsIgnoringCase("protobuf");
                });
        control().createSecret(CreateSecretRequest.getDefaultInstance());
    }

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new java.io.ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    };

    @Test
    void garbageEndsTheConnectionAndNothingElse() throws Exception {
        node.offer(new Failing(IllegalStateException::new));
        for (String garbage : List.of("GET / HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001garbage",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nxxxxxxxxxxxxxxxxxxxxx")) {
            try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                client.connect(UnixDomainSocketAddress.of(node.socket));
                client.write(ByteBuffer.wrap(garbage.getBytes(StandardCharsets.ISO_8859_1)));
                client.shutdownOutput();
                ByteBuffer answer = ByteBuffer.allocate(1 << 16);
                while (client.read(answer) >= 0) {
                    answer.clear();
                }
            }
        }
        control().createSecret(CreateSecretRequest.getDefaultInstance());
    }

    @Test
    void reflectionListsWhatCanBeCalled() throws Exception {
        BlockingQueue<ServerReflectionResponse> answers = new LinkedBlockingQueue<>();
        StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc.newStub(channel)
                .serverReflectionInfo(collecting(answers));
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("*").build());
        ServerReflectionResponse services = answers.poll(10, TimeUnit.SECONDS);
        requests.onNext(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("docker.swarmkit.v1.Control")
                .build());
        ServerReflectionResponse file = answers.poll(10, TimeUnit.SECONDS);
        requests.onCompleted();

        assertThat(services.getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .contains("docker.swarmkit.v1.Control", "docker.swarmkit.v1.Health", "grpc.health.v1.Health",
                        "osmia.v1.TaskLogs", "grpc.reflection.v1.ServerReflection",
                        "grpc.reflection.v1alpha.ServerReflection");
        assertThat(file.getFileDescriptorResponse().getFileDescriptorProtoCount()).isPositive();
    }

    private static <T> StreamObserver<T> collecting(BlockingQueue<T> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T value) {
                answers.add(value);
            }

            @Override
            public void onError(Throwable error) {
                // the test misses its answer
            }

            @Override
            public void onCompleted() {
                // nothing is left to do
            }
        };
    }

    @Test
    void standardHealthFollowsTheServices() {
        io.grpc.health.v1.HealthGrpc.HealthBlockingStub health = io.grpc.health.v1.HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS);
        var ofControl = io.grpc.health.v1.HealthCheckRequest.newBuilder()
                .setService("docker.swarmkit.v1.Control")
                .build();

        assertThat(health.check(io.grpc.health.v1.HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(io.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING);
        assertThat(health.check(ofControl).getStatus())
                .isEqualTo(io.grpc.health.v1.HealthCheckResponse.ServingStatus.NOT_SERVING);
        node.offer(new Failing(IllegalStateException::new));
        assertThat(health.check(ofControl).getStatus())
                .isEqualTo(io.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING);
    }

    @Test
    void stoppingEndsWhatRunsWithinItsBound() throws Exception {
        CompletableFuture<Void> entered = new CompletableFuture<>();
        node.offer(new DispatcherGrpc.DispatcherImplBase() {
            @Override
            public void session(
                    io.osmia.wire.swarmkit.SessionRequest request,
                    StreamObserver<io.osmia.wire.swarmkit.SessionMessage> answer) {
                entered.complete(null); // and never answers
            }
        });
        BlockingQueue<Throwable> ended = new LinkedBlockingQueue<>();
        DispatcherGrpc.newStub(channel)
                .session(io.osmia.wire.swarmkit.SessionRequest.getDefaultInstance(), new StreamObserver<>() {
                    @Override
                    public void onNext(io.osmia.wire.swarmkit.SessionMessage value) {
                        // none comes
                    }

                    @Override
                    public void onError(Throwable error) {
                        ended.add(error);
                    }

                    @Override
                    public void onCompleted() {
                        // it does not end well
                    }
                });
        entered.get(10, TimeUnit.SECONDS);

        long before = System.nanoTime();
        node.stopListeners();

        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as("streams get no grace")
                .isLessThan(ListenerFixture.GRACE.dividedBy(3));
        assertThat(ended.poll(10, TimeUnit.SECONDS)).isNotNull();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("osmia-grpc-io")));
    }

    @Test
    void aCallThatRunsMayEndBeforeTheServerDoes() throws Exception {
        CompletableFuture<StreamObserver<ListNodesResponse>> entered = new CompletableFuture<>();
        node.offer(new ControlGrpc.ControlImplBase() {
            @Override
            public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> answer) {
                entered.complete(answer);
            }
        });
        var result = ControlGrpc.newFutureStub(channel).listNodes(ListNodesRequest.getDefaultInstance());
        StreamObserver<ListNodesResponse> answer = entered.get(10, TimeUnit.SECONDS);

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(node::stopListeners);
        refusesEventually(node.plain("localhost"));
        answer.onNext(ListNodesResponse.getDefaultInstance());
        answer.onCompleted();

        assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo(ListNodesResponse.getDefaultInstance());
        stopped.get(10, TimeUnit.SECONDS);
    }

    /** The server takes no new connections once it stops. */
    private static void refusesEventually(Channel late) {
        await().atMost(ListenerFixture.GRACE.dividedBy(3)).until(() -> {
            try {
                CAGrpc.newBlockingStub(late)
                        .withDeadlineAfter(1, TimeUnit.SECONDS)
                        .getRootCACertificate(GetRootCACertificateRequest.getDefaultInstance());
                return false;
            } catch (StatusRuntimeException e) {
                return e.getStatus().getCode() == Status.Code.UNAVAILABLE;
            }
        });
    }

    private static void refuses(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(StatusRuntimeException.class).hasMessage(message);
    }
}
