package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.osmia.ca.RootCa;
import io.osmia.roles.Caller;
import io.osmia.wire.swarmkit.CAGrpc;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import io.osmia.wire.swarmkit.GetRootCACertificateRequest;
import io.osmia.wire.swarmkit.GetRootCACertificateResponse;
import io.osmia.wire.swarmkit.HeartbeatRequest;
import io.osmia.wire.swarmkit.HeartbeatResponse;
import io.osmia.wire.swarmkit.ListNodesRequest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules 7.8 and 7.9: who gets in over TCP, and what the others are told. */
class RemoteApiTest {

    private static final String WRAP =
            "PERMISSION_DENIED: Permission denied: unauthorized peer role: rpc error: code = PermissionDenied desc = ";

    @TempDir
    static Path state;

    private static ListenerFixture node;
    private static final AtomicReference<Caller> CALLER = new AtomicReference<>();

    /** Takes every heart beat. */
    private static final class Beats extends DispatcherGrpc.DispatcherImplBase {

        @Override
        public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> answer) {
            CALLER.set(Caller.current());
            answer.onNext(HeartbeatResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }

    /** Shows the root to everybody. */
    private static final class Root extends CAGrpc.CAImplBase {

        @Override
        public void getRootCACertificate(
                GetRootCACertificateRequest request, StreamObserver<GetRootCACertificateResponse> answer) {
            CALLER.set(Caller.current());
            answer.onNext(GetRootCACertificateResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        node = new ListenerFixture(state).start();
        node.offer(new Beats());
        node.offer(new Root());
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    private static void beat(Channel channel) {
        DispatcherGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .heartbeat(HeartbeatRequest.getDefaultInstance());
    }

    @Test
    void aWorkerMayCallTheDispatcherAndIsKnownByItsCertificate() throws Exception {
        beat(node.worker());

        Caller caller = CALLER.get();
        assertThat(caller.nodeId()).isEqualTo("someworker000000000000000");
        assertThat(caller.role()).isEqualTo("swarm-worker");
        assertThat(caller.organization()).isEqualTo(ListenerFixture.CLUSTER);
        assertThat(caller.remoteAddress()).startsWith("127.0.0.1:");
        assertThat(caller.local()).isFalse();
    }

    @Test
    @DisplayName("DIS-005")
    void aHeartbeatWithoutACertificateIsRefused() throws Exception {
        Channel anonymous = node.anonymous();

        refuses(() -> beat(anonymous), WRAP + "no client certificates in request");
    }

    @Test
    @DisplayName("MGR-001, DIS-021")
    void withoutACertificateOnlyTheBootstrapCallsOfTheCaAnswer() throws Exception {
        Channel anonymous = node.anonymous();
        List<String> open = new ArrayList<>();

        for (KnownService service : KnownService.ALL) {
            for (MethodDescriptor<?, ?> method : service.descriptor().get().getMethods()) {
                if (!isRefused(anonymous, method)) {
                    open.add(method.getFullMethodName());
                }
            }
        }

        assertThat(open).containsExactlyInAnyOrder(
                "docker.swarmkit.v1.CA/GetRootCACertificate",
                "docker.swarmkit.v1.NodeCA/IssueNodeCertificate",
                "docker.swarmkit.v1.NodeCA/NodeCertificateStatus");
        assertThat(isRefused(anonymous, io.grpc.health.v1.HealthGrpc.getCheckMethod())).isTrue();
        assertThat(isRefused(anonymous, io.osmia.wire.swarmkit.HealthGrpc.getCheckMethod())).isTrue();
    }

    private static <Q, A> boolean isRefused(Channel channel, MethodDescriptor<Q, A> method) {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS);
        Q nothing = method.parseRequest(new java.io.ByteArrayInputStream(new byte[0]));
        try {
            ClientCalls.blockingServerStreamingCall(channel, method, options, nothing).forEachRemaining(a -> {});
            return false;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.PERMISSION_DENIED;
        }
    }

    @Test
    void theRootIsShownWithoutACertificate() throws Exception {
        askForRoot(node.anonymous());

        assertThat(CALLER.get().nodeId()).isEmpty();
        assertThat(CALLER.get().role()).isEmpty();
    }

    @Test
    void aWorkerMayNotControlTheCluster() throws Exception {
        Channel worker = node.worker();

        refuses(
                () -> ControlGrpc.newBlockingStub(worker)
                        .withDeadlineAfter(10, TimeUnit.SECONDS)
                        .listNodes(ListNodesRequest.getDefaultInstance()),
                WRAP + "Permission denied: remote certificate not part of OUs: [swarm-manager]");
    }

    @Test
    @DisplayName("CA-024")
    void aCertificateOfAnotherClusterIsRefused() throws Exception {
        Channel stranger = node.withCertificate("stranger", "swarm-worker", "othercluster");

        refuses(
                () -> beat(stranger),
                WRAP + "Permission denied: remote certificate not part of organization: othercluster");
    }

    @Test
    void aCertificateOfAnotherRootDoesNotEvenConnect() throws Exception {
        Channel stranger = node.withCertificate(
                RootCa.create(Instant.now()), "stranger", "swarm-manager", ListenerFixture.CLUSTER);

        assertThatThrownBy(() -> beat(stranger))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        assertThatCode(() -> beat(node.worker())).doesNotThrowAnyException();
    }

    @Test
    void aMethodWithoutRolesIsRefusedEvenToManagers() throws Exception {
        MethodDescriptor<HeartbeatRequest, HeartbeatResponse> unlisted =
                DispatcherGrpc.getHeartbeatMethod().toBuilder()
                        .setFullMethodName("vendor.Thing/Do")
                        .build();
        node.offer(() -> ServerServiceDefinition.builder("vendor.Thing")
                .addMethod(unlisted, ServerCalls.asyncUnaryCall((request, answer) -> {
                    answer.onNext(HeartbeatResponse.getDefaultInstance());
                    answer.onCompleted();
                }))
                .build());
        Channel manager = node.manager();

        refuses(
                () -> ClientCalls.blockingUnaryCall(
                        manager,
                        unlisted,
                        CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
                        HeartbeatRequest.getDefaultInstance()),
                WRAP + "Permission denied: remote certificate not part of OUs: []");
    }

    @Test
    @DisplayName("CA-047")
    void anIdentityThatIsReplacedIsShownWithoutARestart(@TempDir Path own) throws Exception {
        try (ListenerFixture other = new ListenerFixture(own).start()) {
            other.offer(new Root());
            askForRoot(other.anonymous());

            other.certificates.foundAnew(Instant::now);

            askForRoot(other.anonymous()); // trusts the new root only
            Channel former = other.worker();
            assertThatThrownBy(() -> askForRoot(former)).isInstanceOf(StatusRuntimeException.class);
        }
    }

    private static void askForRoot(Channel channel) {
        CAGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getRootCACertificate(GetRootCACertificateRequest.getDefaultInstance());
    }

    @Test
    void aRemovedNodeIsRefused() throws Exception {
        Channel removed = node.withCertificate("removednode", "swarm-worker", ListenerFixture.CLUSTER);
        beat(removed);

        node.services.addStore(new BlacklistingStore("removednode"));
        try {
            refuses(() -> beat(removed), WRAP + "Permission denied: node removednode was removed from swarm");
            beat(node.worker());
        } finally {
            node.services.addStore(new BlacklistingStore());
        }
    }

    @Test
    void aPortThatIsTakenIsNamedWithTheWayOut(@TempDir Path other) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ListenerFixture late = new ListenerFixture(
                        other, other.resolve("osmia.sock"), "127.0.0.1:" + taken.getLocalPort())) {
            assertThatThrownBy(late::start)
                    .isInstanceOf(BindFailure.class)
                    .hasMessage("the remote API cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + ": Address already in use; stop what listens there,"
                            + " or give another address with --listen-remote-api HOST:PORT");
            assertThat(other.resolve("osmia.sock")).doesNotExist();
        }
    }

    private static void refuses(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(StatusRuntimeException.class).hasMessage(message);
    }
}
