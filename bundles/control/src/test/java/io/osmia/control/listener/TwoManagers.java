package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.osmia.roles.Caller;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.CreateSecretRequest;
import io.osmia.wire.swarmkit.CreateSecretResponse;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import io.osmia.store.StoreException;
import io.osmia.wire.swarmkit.HeartbeatRequest;
import io.osmia.wire.swarmkit.HeartbeatResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A follower and a leader, both with their listeners, and real connections between them. */
abstract class TwoManagers {

    static final String FOLLOWER = "follower00000000000000001";

    @TempDir
    Path directory;

    ListenerFixture leader;
    ListenerFixture follower;
    final TestMembership membership = new TestMembership();
    final AtomicReference<Caller> caller = new AtomicReference<>();
    final AtomicInteger calls = new AtomicInteger();

    /** Of the secrets, in the order of their calls. */
    final Queue<String> names = new ConcurrentLinkedQueue<>();

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
    final class Beats extends DispatcherGrpc.DispatcherImplBase {

        @Override
        public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> answer) {
            caller.set(Caller.current());
            answer.onNext(HeartbeatResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }

    /** Counts secrets. */
    final class Writes extends ControlGrpc.ControlImplBase {

        @Override
        public void createSecret(CreateSecretRequest request, StreamObserver<CreateSecretResponse> answer) {
            calls.incrementAndGet();
            caller.set(Caller.current());
            names.add(request.getSpec().getAnnotations().getName());
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

    static CreateSecretRequest secret(String name) {
        CreateSecretRequest.Builder request = CreateSecretRequest.newBuilder();
        request.getSpecBuilder().getAnnotationsBuilder().setName(name);
        return request.build();
    }

    static ControlGrpc.ControlBlockingStub control(Channel channel) {
        return ControlGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    static void beat(Channel channel) {
        DispatcherGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .heartbeat(HeartbeatRequest.getDefaultInstance());
    }

    static <S extends io.grpc.stub.AbstractStub<S>> S with(S stub, String... keysAndValues) {
        Metadata headers = new Metadata();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            headers.put(Metadata.Key.of(keysAndValues[i], Metadata.ASCII_STRING_MARSHALLER), keysAndValues[i + 1]);
        }
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    static void refuses(ThrowingCallable call, String message) {
        var refusal = assertThatThrownBy(call).isInstanceOf(StatusRuntimeException.class);
        if (message != null) {
            refusal.hasMessage(message);
        }
    }
}
