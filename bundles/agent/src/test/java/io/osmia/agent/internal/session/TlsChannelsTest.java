package io.osmia.agent.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.osmia.ca.NodeCertificates;
import io.osmia.ca.RootCa;
import io.osmia.roles.Credentials;
import io.osmia.wire.swarmkit.DispatcherGrpc;
import io.osmia.wire.swarmkit.HeartbeatRequest;
import io.osmia.wire.swarmkit.HeartbeatResponse;
import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rule 7.8.2: only a manager of this cluster is spoken to. */
class TlsChannelsTest {

    @TempDir
    private Path directory;

    private final AtomicInteger ids = new AtomicInteger();
    private NodeCertificates own;
    private Server server;

    @BeforeEach
    void create() {
        own = certificates("own");
    }

    private NodeCertificates certificates(String name) {
        return NodeCertificates.loadOrCreate(
                directory.resolve(name), () -> String.format("%025d", ids.incrementAndGet()), Instant::now);
    }

    private static SslContextBuilder shows(Credentials credentials) {
        return SslContextBuilder.forServer(credentials.keyManager()).trustManager(credentials.trustManager());
    }

    private int serve(SslContextBuilder tls) throws Exception {
        DispatcherGrpc.DispatcherImplBase beats = new DispatcherGrpc.DispatcherImplBase() {
            @Override
            public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> answer) {
                answer.onNext(HeartbeatResponse.getDefaultInstance());
                answer.onCompleted();
            }
        };
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .sslContext(GrpcSslContexts.configure(tls.clientAuth(ClientAuth.REQUIRE), SslProvider.JDK).build())
                .addService(beats)
                .build()
                .start();
        return server.getPort();
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    private HeartbeatResponse beat(int port) throws InterruptedException {
        ManagedChannel channel = new TlsChannels(own).open("127.0.0.1:" + port, Credentials.MANAGER_NAME);
        try {
            return DispatcherGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .heartbeat(HeartbeatRequest.getDefaultInstance());
        } finally {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void aManagerOfThisClusterIsSpokenToWithTheNodesOwnCertificate() throws Exception {
        assertThat(beat(serve(shows(own)))).isNotNull();
    }

    @Test
    void aManagerOfAnotherClusterIsNot() throws Exception {
        int port = serve(shows(certificates("other")));
        assertThatThrownBy(() -> beat(port)).satisfies(thrown -> {
            Status status = Status.fromThrowable(thrown);
            assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            // rule 6.11.13
            assertThat(new SessionEndedException("session", status).distrust()).isNotNull();
        });
    }

    @Test
    void aWorkerThatPosesAsAManagerIsNot() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        int port = serve(SslContextBuilder.forServer(pair.getPrivate(), worker(pair))
                .trustManager(own.trustManager()));
        assertThatThrownBy(() -> beat(port))
                .satisfies(thrown -> assertThat(Status.fromThrowable(thrown).getCode())
                        .isEqualTo(Status.Code.UNAVAILABLE))
                .hasStackTraceContaining("swarm-manager");
    }

    /** A worker's certificate of this cluster. */
    private X509Certificate worker(KeyPair pair) throws Exception {
        PKCS10CertificationRequest request = new JcaPKCS10CertificationRequestBuilder(
                new X500Principal("CN=worker"), pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
        StringWriter pem = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(pem)) {
            writer.writeObject(request);
        }
        RootCa root = RootCa.signing(own.rootPem(), own.rootKeyMaterial().keyPem());
        byte[] signed = root.sign(
                pem.toString().getBytes(StandardCharsets.US_ASCII),
                "worker",
                "swarm-worker",
                own.clusterId(),
                Duration.ofHours(2),
                Instant.now());
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(signed));
    }
}
