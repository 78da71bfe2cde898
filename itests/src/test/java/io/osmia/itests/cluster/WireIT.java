package io.osmia.itests.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.osmia.itests.harness.AskingAgain;
import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.NodeLogs;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Openssl;
import io.osmia.itests.harness.Proxy;
import io.osmia.itests.harness.TlsChannels;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.ConfigSpec;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.CreateConfigRequest;
import io.osmia.wire.swarmkit.CreateSecretRequest;
import io.osmia.wire.swarmkit.CreateSecretResponse;
import io.osmia.wire.swarmkit.ListConfigsRequest;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.SecretSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What goes over the lines between nodes, and who is let in there. */
@ExtendWith(NodeLogs.class)
class WireIT {

    private static final byte[] MARKER = "plaintext-marker-on-the-wire-0815".getBytes(US_ASCII);

    private static final String[] TLS_1_1 = {"-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"};

    @TempDir(factory = OnDisk.class)
    static Path dir;

    private static Cluster cluster;
    private static Node leader;
    private static Node follower;
    private static Node worker;

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = Cluster.behindProxies(dir);
        leader = cluster.add("m1");
        cluster.proxies().forEach(Proxy::record);
        leader.start();
        follower = recorded("m2", cluster.tokens().getManager());
        cluster.awaitManager(follower);
        worker = recorded("w1", cluster.tokens().getWorker());
        cluster.awaitReady(worker);
    }

    private static Node recorded(String name, String token) throws Exception {
        Node node = cluster.newcomer(name, token);
        cluster.proxies().forEach(Proxy::record);
        node.launch();
        return node;
    }

    @AfterAll
    static void stopCluster() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void noLineBetweenNodesCarriesAPayloadInClearText() throws Exception {
        AskingAgain.create(() -> follower.control().createSecret(secret()));
        AskingAgain.create(() -> follower.control()
                .createConfig(CreateConfigRequest.newBuilder()
                        .setSpec(ConfigSpec.newBuilder()
                                .setAnnotations(Annotations.newBuilder().setName("told"))
                                .setData(ByteString.copyFrom(MARKER)))
                        .build()));
        assertThat(follower.linearizable().listConfigs(ListConfigsRequest.getDefaultInstance())
                .getConfigs(0)
                .getSpec()
                .getData()
                .toByteArray())
                .isEqualTo(MARKER);
        Awaitility.await("raft has carried it")
                .atMost(Node.SOON)
                .until(() -> leader.managerStatus().getStoreVersion() == follower.managerStatus().getStoreVersion());

        assertThat(cluster.apiProxy(leader).recorded()).as("bytes to and from the leader's API").isGreaterThan(10_000);
        assertThat(cluster.raftProxy(leader).recorded() + cluster.raftProxy(follower).recorded())
                .as("bytes of raft")
                .isGreaterThan(10_000);
        assertThat(cluster.proxies()).noneMatch(proxy -> proxy.saw(MARKER));
    }

    @Test
    @DisplayName("the same proxy sees the payload when there is no TLS")
    void controlOfTheProxy() throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new ClearText())
                .build()
                .start();
        try (Proxy proxy = new Proxy(new InetSocketAddress("127.0.0.1", server.getPort())).record()) {
            ManagedChannel channel =
                    NettyChannelBuilder.forTarget(proxy.address()).usePlaintext().build();
            ControlGrpc.newBlockingStub(channel).createSecret(secret());
            channel.shutdownNow();
            assertThat(proxy.saw(MARKER)).isTrue();
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void tls11IsRefusedWithAnAlertOnBothPorts() throws Exception {
        Openssl openssl = new Openssl();
        for (String address : List.of(cluster.apiAddress(leader), cluster.raftAddress(leader))) {
            assertThat(openssl.client(address, TLS_1_1)).as(address)
                    .containsPattern("alert protocol version|alert number 70");
        }
        try (Openssl.Server control = openssl.permissiveServer(dir)) {
            assertThat(openssl.client(control.address(), TLS_1_1))
                    .containsPattern("Protocol\\s*: TLSv1.1")
                    .doesNotContain("alert");
        }
    }

    @Test
    void theRaftPortTakesAManagersCertificateAndNoWorkers() throws Exception {
        Openssl openssl = new Openssl();
        String raft = cluster.raftAddress(leader);
        assertThat(openssl.client(raft, "-tls1_2")).as("without a certificate").contains("alert");
        assertThat(as(openssl, worker, raft)).as("as a worker").contains("alert");
        assertThat(as(openssl, follower, raft))
                .as("as a manager")
                .containsPattern("Protocol\\s*: TLSv1.2")
                .contains("ALPN protocol: h2")
                .doesNotContain("alert");
        assertThat(as(openssl, worker, cluster.apiAddress(leader)))
                .as("as a worker at the API")
                .contains("ALPN protocol: h2")
                .doesNotContain("alert");
    }

    /** TLS 1.2, where a server has looked at the client's certificate before the handshake is over. */
    private static String as(Openssl openssl, Node node, String address) throws Exception {
        return openssl.client(
                address,
                "-tls1_2",
                "-cert", node.stateDir().resolve("certificates/swarm-node.crt").toString(),
                "-key", TlsChannels.keyFile(node, dir).toString());
    }

    private static CreateSecretRequest secret() {
        return CreateSecretRequest.newBuilder()
                .setSpec(SecretSpec.newBuilder()
                        .setAnnotations(Annotations.newBuilder().setName("kept"))
                        .setData(ByteString.copyFrom(MARKER)))
                .build();
    }

    /** Knows one call. */
    private static final class ClearText extends ControlGrpc.ControlImplBase {

        @Override
        public void createSecret(CreateSecretRequest request, StreamObserver<CreateSecretResponse> answer) {
            answer.onNext(CreateSecretResponse.newBuilder()
                    .setSecret(Secret.newBuilder().setSpec(request.getSpec()))
                    .build());
            answer.onCompleted();
        }
    }
}
