package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.osmia.itests.harness.Closing;
import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.Faketime;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.NodeLogs;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Pki;
import io.osmia.itests.harness.Services;
import io.osmia.itests.harness.TlsChannels;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import io.osmia.wire.swarmkit.IssuanceStatus;
import io.osmia.wire.swarmkit.IssueNodeCertificateRequest;
import io.osmia.wire.swarmkit.IssueNodeCertificateResponse;
import io.osmia.wire.swarmkit.JoinTokens;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.NodeCAGrpc;
import io.osmia.wire.swarmkit.NodeCertificateStatusRequest;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.SessionRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Those who do not belong: a clear word for them, and the cluster goes on. */
@ExtendWith(NodeLogs.class)
class JoinIT {

    @TempDir(factory = OnDisk.class)
    static Path dir;

    private static Cluster cluster;
    private static Cluster other;
    private static Node manager;
    private static JoinTokens tokens;

    @BeforeAll
    static void startClusters() throws Exception {
        cluster = Cluster.in(dir);
        manager = cluster.found("m1");
        tokens = cluster.tokens();
        other = Cluster.in(Files.createDirectory(dir.resolve("other")));
        other.found("m1");
    }

    @AfterAll
    static void stopClusters() throws Exception {
        Closing.all(Stream.of(cluster, other).filter(Objects::nonNull).toList());
    }

    @AfterEach
    void theClusterGoesOn() {
        assertThat(manager.isAlive()).isTrue();
        assertThat(manager.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList())
                .anyMatch(node -> node.getStatus().getState() == NodeStatus.State.READY);
    }

    @Test
    void whatIsNoTokenEndsTheNodeAtOnce() throws Exception {
        try (Node node = cluster.newcomer("no-token", "SWMTKN-1-short")) {
            node.launch();
            assertThat(node.awaitEnd(Node.SOON)).isNotZero();
            assertThat(node.logText()).contains("invalid join token");
        }
    }

    @Test
    @DisplayName("CA-026: a token of the right root with another secret")
    void aWrongTokenIsRefusedByTheManager() throws Exception {
        char last = tokens.getWorker().charAt(tokens.getWorker().length() - 1);
        String wrong = tokens.getWorker().substring(0, tokens.getWorker().length() - 1) + (last == 'a' ? 'b' : 'a');
        assertRefused("wrong-token", wrong, "A valid join token is necessary to join this cluster");
    }

    @Test
    @DisplayName("CA-005: a token of another cluster does not fit the root's fingerprint")
    void aTokenOfAnotherClusterIsRefusedByTheNewcomer() throws Exception {
        assertRefused(
                "other-token", other.tokens().getWorker(), "remote CA does not match fingerprint. Expected: ");
    }

    private static void assertRefused(String name, String token, String text) throws Exception {
        try (Node node = cluster.newcomer(name, token)) {
            node.launch();
            node.awaitLog(text);
            assertThat(node.id()).as("it has no certificate").isEmpty();
            assertThat(manager.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList())
                    .noneMatch(one -> one.getDescription().getHostname().equals(name));
        }
    }

    @Test
    @DisplayName("CA-022: what is no request for a certificate, and one with an RSA key of 1024 bits")
    void badRequestsForCertificatesFail() throws Exception {
        try (TlsChannels channels = new TlsChannels()) {
            Channel channel = channels.anonymous(cluster.apiAddress(manager));
            for (String request : List.of("no request", Pki.request(Pki.rsa(1024)))) {
                assertThat(refusal(channel, request)).as(request).isNotBlank();
            }
            assertThat(status(channel, issue(channel, Pki.request(Pki.p256()))).getState())
                    .as("a good one")
                    .isEqualTo(IssuanceStatus.State.ISSUED);
        }
    }

    /** What the caller is told, at once or as the result. */
    private static String refusal(Channel channel, String request) {
        String id;
        try {
            id = issue(channel, request);
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            return String.valueOf(e.getStatus().getDescription());
        }
        IssuanceStatus status = status(channel, id);
        assertThat(status.getState()).isEqualTo(IssuanceStatus.State.FAILED);
        return status.getErr();
    }

    private static String issue(Channel channel, String request) {
        IssueNodeCertificateResponse answer = NodeCAGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .issueNodeCertificate(IssueNodeCertificateRequest.newBuilder()
                        .setCsr(ByteString.copyFromUtf8(request))
                        .setToken(tokens.getWorker())
                        .build());
        return answer.getNodeId();
    }

    private static IssuanceStatus status(Channel channel, String id) {
        return NodeCAGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .nodeCertificateStatus(
                        NodeCertificateStatusRequest.newBuilder().setNodeId(id).build())
                .getStatus();
    }

    @Test
    void aCertificateOfAnotherClusterOpensNothing() throws Exception {
        try (TlsChannels channels = new TlsChannels()) {
            Channel channel = channels.as(other.node("m1"), cluster.apiAddress(manager));
            StatusRuntimeException refused = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> ControlGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(10, TimeUnit.SECONDS)
                            .listNodes(ListNodesRequest.getDefaultInstance()));
            assertThat(refused.getStatus().getCode())
                    .isIn(Status.Code.UNAVAILABLE, Status.Code.PERMISSION_DENIED, Status.Code.UNKNOWN);
        }
    }

    @Test
    @DisplayName("INT-012: certificates of another CA: fails fast with a join address, waits without")
    void aNodeOfAnotherClusterDoesNotGetIn() throws Exception {
        Node stranger = other.joinWorker("stranger");
        stranger.terminate();
        try (Node moved = cluster.newcomer("moved", tokens.getWorker())) {
            copy(stranger.stateDir(), moved.stateDir());
            moved.launch();
            assertThat(moved.awaitEnd(Node.SOON)).isNotZero();
            assertThat(moved.logText()).doesNotContain("\n\tat ");
        }
    }

    @Test
    void aCopiedStateDirectoryIsNoticed() throws Exception {
        Node original = cluster.joinWorker("original");
        try (Node twin = cluster.add("twin")) {
            original.terminate();
            copy(original.stateDir(), twin.stateDir());
            original.start(cluster::awaitReady);
            twin.launch();
            manager.awaitLog("node " + original.id().orElseThrow() + " registers again and again");
            twin.awaitLog("exceeded rate limit count of registrations");
            Services.create(manager, "beside-twins", 1, "sleep", "100000");
            cluster.awaitRunning(1, Node.SOON);
        }
    }

    @Test
    void aRemovedNodeIsRefused() throws Exception {
        Node removed = cluster.joinWorker("removed");
        String id = removed.id().orElseThrow();
        assertThat(manager.cli("node", "rm", "--force", "removed").code()).isZero();
        removed.awaitLog("was removed from swarm");
        try (TlsChannels channels = new TlsChannels()) {
            Iterator<SessionMessage> session = DispatcherGrpc.newBlockingStub(
                    channels.as(removed, cluster.apiAddress(manager)))
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .session(SessionRequest.getDefaultInstance());
            StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, session::hasNext);
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(refused.getStatus().getDescription()).contains("node " + id + " was removed from swarm");
        }
        removed.close();
    }

    @Test
    @DisplayName("a clock that is 2 hours behind: the newcomer says both times, the manager that it was not trusted")
    void aNewcomerWhoseClockIsWrongIsToldSo() throws Exception {
        try (Node late = cluster.newcomer("late", tokens.getWorker())) {
            Faketime.shift(late, "-2h").launch();
            assertThat(late.awaitEnd(Node.SOON)).isNotZero();
            assertThat(late.logText())
                    .containsPattern("not valid before .* UTC, and it is currently .* UTC here: check the clocks")
                    .doesNotContain("another cluster");
            manager.awaitLog("no TLS with 127.0.0.1: (bad_certificate) Received fatal alert");
        }
    }

    @Test
    @DisplayName("a clock that is 2 hours behind: a member does not start with a certificate from its future")
    void aMemberWhoseClockIsWrongIsToldSo() throws Exception {
        Node member = cluster.joinWorker("member");
        member.terminate();
        Faketime.shift(member, "-2h").launch();
        assertThat(member.awaitEnd(Node.SOON)).isNotZero();
        assertThat(member.logText()).containsPattern("not valid before .* UTC, and it is currently .* UTC");
        member.close();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else if (Files.isRegularFile(file)) {
                    Files.copy(file, copy);
                }
            }
        }
    }
}
