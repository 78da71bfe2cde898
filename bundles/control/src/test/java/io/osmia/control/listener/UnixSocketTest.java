package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import io.osmia.roles.Caller;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.HealthCheckRequest;
import io.osmia.wire.swarmkit.HealthCheckResponse.ServingStatus;
import io.osmia.wire.swarmkit.HealthGrpc;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListNodesResponse;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules 0.4, 0.9 and 10.1.2: the control socket, as all kinds of clients use it. */
class UnixSocketTest {

    private static final String ESCAPED = "%2Fvar%2Frun%2Fosmia.sock";
    private static final String LONG_ESCAPED =
            "%2Fhome%2Fsomebody%2Fdeeply%2Fnested%2Fdeeply%2Fnested%2Fdeeply%2Fnested%2Fdeeply%2Fnested%2Fosmia.sock";

    @TempDir
    Path state;

    /** Answers with no nodes and remembers who asked. */
    private static final class Nodes extends ControlGrpc.ControlImplBase {

        final AtomicReference<Caller> caller = new AtomicReference<>();

        @Override
        public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> answer) {
            caller.set(Caller.current());
            answer.onNext(ListNodesResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }

    private static void listNodes(Channel channel) {
        ControlGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .listNodes(ListNodesRequest.getDefaultInstance());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", ESCAPED, LONG_ESCAPED})
    void plaintextAndTlsAreToldApartAndAnyAuthorityWillDo(String authority) throws Exception {
        try (ListenerFixture node = new ListenerFixture(state).start()) {
            Nodes nodes = new Nodes();
            node.offer(nodes);

            listNodes(node.plain(authority));
            listNodes(node.insecure(authority));
        }
    }

    @Test
    void whoeverCallsOnTheSocketIsThisManager() throws Exception {
        try (ListenerFixture node = new ListenerFixture(state).start()) {
            Nodes nodes = new Nodes();
            node.offer(nodes);

            listNodes(node.insecure("localhost"));

            assertThat(nodes.caller.get())
                    .isEqualTo(new Caller(
                            ListenerFixture.NODE,
                            "swarm-manager",
                            ListenerFixture.CLUSTER,
                            node.bound().remoteAddress(),
                            true));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ESCAPED, LONG_ESCAPED})
    void opensslCompletesWithTheEscapedPathAsServerName(String serverName) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "needs the package openssl");
        try (ListenerFixture node = new ListenerFixture(state).start()) {
            for (String version : new String[] {"-tls1_3", "-tls1_2"}) {
                String output = openssl(node.socket, "-servername", serverName, "-alpn", "h2", version);

                assertThat(output).contains("ALPN protocol: h2").contains("CN = swarm-ca");
            }
        }
    }

    @Test
    void tlsBefore12IsRefused() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "needs the package openssl");
        try (ListenerFixture node = new ListenerFixture(state).start()) {
            String output = openssl(node.socket, "-alpn", "h2", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0");

            assertThat(output).doesNotContain("ALPN protocol: h2");
        }
    }

    private String openssl(Path socket, String... options) throws IOException, InterruptedException {
        Path output = state.resolve("openssl.out");
        var command = new java.util.ArrayList<>(
                java.util.List.of("/usr/bin/openssl", "s_client", "-unix", socket.toString()));
        command.addAll(java.util.List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("openssl ends").isTrue();
        return Files.readString(output, java.nio.charset.StandardCharsets.ISO_8859_1); // HTTP/2 frames follow
    }

    @Test
    void aNodeThatCannotNoteItsAddressesRunsWithoutAndLeavesNoOldOnes() throws Exception {
        Files.writeString(state.resolve("addresses"), "remote=of the last start");
        Files.createDirectory(state.resolve(".addresses"));
        try (ListenerFixture node = new ListenerFixture(state).start()) {
            assertThat(node.bound().selfAddress()).startsWith("127.0.0.1:");
            assertThat(state.resolve("addresses")).doesNotExist();
        }
    }

    @Test
    void theSocketIsPrivateAndGoneAfterwards() throws Exception {
        Path socket = state.resolve("run/osmia.sock");
        try (ListenerFixture node = new ListenerFixture(state, socket, "127.0.0.1:0").start()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
                    .isEqualTo("rwx------");
            assertThat(state.resolve("addresses"))
                    .hasContent("remote=" + node.bound().selfAddress() + "\ncontrol=" + socket + "\n");
        }
        assertThat(socket).doesNotExist();
        assertThat(state.resolve("addresses")).doesNotExist();
    }

    @Test
    void theSocketOfANodeThatHasEndedIsReplaced() throws Exception {
        Path socket = state.resolve("osmia.sock");
        try (var dead = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            dead.bind(java.net.UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();

        try (ListenerFixture node = new ListenerFixture(state).start()) {
            node.offer(new Nodes());
            listNodes(node.plain("localhost"));
        }
    }

    @Test
    void theSocketOfALiveNodeIsRefused() throws Exception {
        Path socket = state.resolve("osmia.sock");
        try (var live = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            live.bind(java.net.UnixDomainSocketAddress.of(socket));
            try (ListenerFixture node = new ListenerFixture(state)) {
                assertThatThrownBy(node::start)
                        .isInstanceOf(BindFailure.class)
                        .hasMessageContaining("another process listens on the control socket " + socket);
            }
            assertThat(socket).exists();
        }
    }

    @Test
    void aFileInTheWayIsNotTouched() throws Exception {
        Path file = Files.writeString(state.resolve("osmia.sock"), "mine");
        try (ListenerFixture node = new ListenerFixture(state)) {
            assertThatThrownBy(node::start)
                    .isInstanceOf(BindFailure.class)
                    .hasMessageContaining(file + " is there and is not a socket");
        }
        assertThat(file).hasContent("mine");
    }

    @Test
    void aPathThatDoesNotFitNamesTheLimit() throws Exception {
        Path tooLong = state.resolve("x".repeat(110));
        try (ListenerFixture node = new ListenerFixture(state, tooLong, "127.0.0.1:0")) {
            assertThatThrownBy(node::start)
                    .isInstanceOf(BindFailure.class)
                    .hasMessageContaining("limit of unix sockets is 107")
                    .hasMessageContaining("--listen-control-api");
        }
    }

    @Test
    @DisplayName("rule 9.3.1")
    void theControlApiIsHealthyOnceSomebodyServesIt() throws Exception {
        try (ListenerFixture node = new ListenerFixture(state).start()) {
            HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(node.plain("localhost"))
                    .withDeadlineAfter(10, TimeUnit.SECONDS);
            HealthCheckRequest ofControl =
                    HealthCheckRequest.newBuilder().setService("ControlAPI").build();

            assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                    .isEqualTo(ServingStatus.SERVING);
            assertThat(health.check(ofControl).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
            node.offer(new Nodes());
            assertThat(health.check(ofControl).getStatus()).isEqualTo(ServingStatus.SERVING);
            node.services.addReadiness(() -> Optional.of("no space"));
            assertThat(health.check(ofControl).getStatus()).as("no change is taken")
                    .isEqualTo(ServingStatus.NOT_SERVING);
            node.services.addReadiness(Optional::empty);
            assertThat(health.check(ofControl).getStatus()).isEqualTo(ServingStatus.SERVING);
            assertThatThrownBy(() -> health.check(
                    HealthCheckRequest.newBuilder().setService("Raft").build()))
                    .hasMessage("NOT_FOUND: unknown service");
        }
    }
}
