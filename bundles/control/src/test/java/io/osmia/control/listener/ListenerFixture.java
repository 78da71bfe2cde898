package io.osmia.control.listener;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.osmia.ca.NodeCertificates;
import io.osmia.ca.RootCa;
import io.osmia.roles.Channels;
import io.osmia.roles.Credentials;
import io.osmia.roles.NodeSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A manager's listeners on loopback and a real unix socket, and clients of every kind. */
final class ListenerFixture implements AutoCloseable {

    static final String NODE = "nodenodenodenodenodenode1";
    static final String CLUSTER = "clusterclusterclustercl01";

    /** Longer than anything that a test does while the listeners stop. */
    static final Duration GRACE = Duration.ofSeconds(30);

    final Services services = new Services();

    /** What the node takes for the time when it judges certificates. */
    volatile Instant now = Instant.now();

    final RootCa root;
    final NodeCertificates certificates;
    final Path state;
    final Path socket;
    private final EventLoopGroup clientLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final Listeners listeners;
    private @Nullable Bound bound;

    ListenerFixture(Path state) {
        this(state, state.resolve("osmia.sock"), "127.0.0.1:0");
    }

    ListenerFixture(Path state, Path socket, String remote) {
        this(state, socket, remote, NODE);
    }

    /** Another manager of the same cluster. */
    static ListenerFixture besides(ListenerFixture first, Path state, String nodeId) throws IOException {
        Path certificates = Files.createDirectories(state.resolve("certificates"));
        for (String file : List.of("swarm-root-ca.crt", "swarm-root-ca.key")) {
            Files.copy(first.state.resolve("certificates").resolve(file), certificates.resolve(file));
        }
        return new ListenerFixture(state, state.resolve("osmia.sock"), "127.0.0.1:0", nodeId);
    }

    private ListenerFixture(Path state, Path socket, String remote, String nodeId) {
        this.state = state;
        this.socket = socket;
        this.root = seed(state.resolve("certificates"));
        Deque<String> ids = new ArrayDeque<>(List.of(nodeId, CLUSTER));
        this.certificates = NodeCertificates.loadOrCreate(state.resolve("certificates"), ids::remove, Instant::now);
        this.listeners = new Listeners(settings(state, socket, remote), certificates, services, () -> now, GRACE);
    }

    /** A root whose key the test knows, so that it can make clients of any kind. */
    private static RootCa seed(Path directory) {
        try {
            Files.createDirectories(directory);
            if (!Files.exists(directory.resolve("swarm-root-ca.key"))) {
                RootCa root = RootCa.create(Instant.now());
                Files.write(directory.resolve("swarm-root-ca.crt"), root.certificatePem());
                Files.write(directory.resolve("swarm-root-ca.key"), root.keyPem());
            }
            return RootCa.signing(
                    Files.readAllBytes(directory.resolve("swarm-root-ca.crt")),
                    Files.readAllBytes(directory.resolve("swarm-root-ca.key")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static NodeSettings settings(Path state, Path socket, String remote) {
        return new NodeSettings() {
            @Override
            public Path stateDir() {
                return state;
            }

            @Override
            public String hostname() {
                return "host";
            }

            @Override
            public String listenRemoteApi() {
                return remote;
            }

            @Override
            public String advertiseRemoteApi() {
                return "";
            }

            @Override
            public Path listenControlApi() {
                return socket;
            }

            @Override
            public String availability() {
                return "active";
            }
        };
    }

    ListenerFixture start() throws IOException {
        bound = listeners.start();
        return this;
    }

    Bound bound() {
        return java.util.Objects.requireNonNull(bound, "not started");
    }

    void offer(BindableService service) {
        services.addService(service, Map.of());
    }

    /** TLS without a certificate. */
    ManagedChannel anonymous() throws Exception {
        return tcp(null, null);
    }

    /** Mutual TLS with a certificate of this cluster's root. */
    ManagedChannel withCertificate(String nodeId, String role, String cluster) throws Exception {
        return withCertificate(root, nodeId, role, cluster);
    }

    ManagedChannel withCertificate(RootCa signer, String nodeId, String role, String cluster) throws Exception {
        return withCertificate(signer, nodeId, role, cluster, Instant.now());
    }

    /** @param issued when it was made; it ends a day later */
    ManagedChannel withCertificate(RootCa signer, String nodeId, String role, String cluster, Instant issued)
            throws Exception {
        var pair = TestKeys.pair();
        byte[] csr = TestKeys.request(pair);
        byte[] chain = signer.sign(csr, nodeId, role, cluster, Duration.ofDays(1), issued);
        return tcp(pair.getPrivate(), TestKeys.certificates(chain));
    }

    ManagedChannel manager() throws Exception {
        return withCertificate("othermanager0000000000000", Credentials.MANAGER_NAME, CLUSTER);
    }

    ManagedChannel worker() throws Exception {
        return withCertificate("someworker000000000000000", "swarm-worker", CLUSTER);
    }

    private ManagedChannel tcp(@Nullable PrivateKey key, X509Certificate @Nullable [] chain) throws Exception {
        SslContextBuilder tls = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .trustManager(certificates.trustManager());
        if (key != null && chain != null) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", key, new char[0], chain);
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, new char[0]);
            tls.keyManager(keys);
        }
        String self = bound().selfAddress();
        int port = Integer.parseInt(self.substring(self.lastIndexOf(':') + 1));
        return channel(new InetSocketAddress("127.0.0.1", port), Credentials.MANAGER_NAME, tls.build());
    }

    /** Opens connections as this manager does. */
    Channels channels() {
        return (address, serverName) -> {
            try {
                SslContextBuilder tls = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                        .trustManager(certificates.trustManager())
                        .keyManager(certificates.keyManager());
                int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
                return channel(new InetSocketAddress("127.0.0.1", port), serverName, tls.build());
            } catch (SSLException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** As tools for gRPC speak on a unix socket. */
    ManagedChannel plain(String authority) {
        return channel(UnixDomainSocketAddress.of(socket), authority, null);
    }

    /** As SwarmKit's clients speak there: TLS without verification and without a certificate. */
    ManagedChannel insecure(String authority) throws Exception {
        SslContext tls = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .build();
        return channel(UnixDomainSocketAddress.of(socket), authority, tls);
    }

    private ManagedChannel channel(SocketAddress address, String authority, @Nullable SslContext tls) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(address)
                .eventLoopGroup(clientLoop)
                .channelType(
                        address instanceof UnixDomainSocketAddress
                                ? NioDomainSocketChannel.class
                                : NioSocketChannel.class)
                .overrideAuthority(authority)
                .maxInboundMessageSize(Integer.MAX_VALUE);
        ManagedChannel channel =
                (tls == null ? builder.usePlaintext() : builder.sslContext(tls)).build();
        channels.add(channel);
        return channel;
    }

    int unfinishedHandshakes() {
        return listeners.unfinishedHandshakes();
    }

    void stopListeners() {
        listeners.stop();
    }

    @Override
    public void close() throws InterruptedException {
        for (ManagedChannel channel : channels) {
            channel.shutdownNow();
            channel.awaitTermination(5, TimeUnit.SECONDS);
        }
        listeners.stop();
        clientLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
    }
}
