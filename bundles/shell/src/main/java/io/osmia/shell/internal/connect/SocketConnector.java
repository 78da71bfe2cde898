package io.osmia.shell.internal.connect;

import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.osmia.shell.Connector;
import io.osmia.shell.NotReachable;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Channels over a unix socket. Who may open the socket may command the node, so nobody is verified: neither side of
 * TLS shows a certificate that is looked at (rule 10.1.2). A node of SwarmKit speaks TLS only and closes the
 * connection when it meets plaintext, before any call was sent; then TLS is tried.
 */
public final class SocketConnector implements Connector, AutoCloseable {

    private static final Duration CONNECT_BOUND = Duration.ofSeconds(10);
    private static final int LARGEST_ANSWER = 256 * 1024 * 1024;

    private final List<ManagedChannel> open = new ArrayList<>();
    private @Nullable MultiThreadIoEventLoopGroup loop;

    /** Spares netty what a process of half a second has no use for. Process-wide, so only for a process of our own. */
    public static void quickenNetty() {
        // Else it looks at all network interfaces for an id of this machine.
        System.setProperty("io.netty.machineId", "00:00:00:00:00:00:00:01");
        System.setProperty("io.netty.processId", "1");
        System.setProperty("io.netty.allocator.type", "unpooled");
        System.setProperty("io.netty.leakDetection.level", "disabled");
        System.setProperty("io.netty.eventLoopThreads", "1");
        System.setProperty("io.netty.noPreferDirect", "true");
    }

    @Override
    public Channel connect(Path socket, boolean tls) throws NotReachable {
        check(socket);
        if (!tls) {
            ManagedChannel plain = channel(socket).usePlaintext().build();
            if (becomesReady(plain)) {
                open.add(plain);
                return plain;
            }
            plain.shutdownNow();
        }
        ManagedChannel sealed = channel(socket).sslContext(anyPeer()).build();
        if (becomesReady(sealed)) {
            open.add(sealed);
            return sealed;
        }
        sealed.shutdownNow();
        throw unreachable(socket, "nothing answers");
    }

    /** Closes all channels. A process that ends at once need not. */
    @Override
    public void close() {
        open.forEach(ManagedChannel::shutdownNow);
        open.clear();
        if (loop != null) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            loop = null;
        }
    }

    private static void check(Path socket) throws NotReachable {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > SocketPath.LONGEST) {
            throw new NotReachable("socket path " + socket + " has " + length + " bytes, a unix socket takes "
                    + SocketPath.LONGEST + "; name a shorter one with --socket");
        }
        if (Files.exists(socket) ? !Files.isWritable(socket) : !mayLookInto(socket.getParent())) {
            throw forbidden(socket);
        }
        if (!Files.exists(socket)) {
            throw unreachable(socket, "no such socket");
        }
    }

    /** The nearest folder that can be seen tells. */
    private static boolean mayLookInto(@Nullable Path folder) {
        Path seen = folder;
        while (seen != null && !Files.exists(seen)) {
            seen = seen.getParent();
        }
        return seen == null || Files.isExecutable(seen);
    }

    private static NotReachable unreachable(Path socket, String why) {
        return new NotReachable("no node at " + socket + " (" + why + "); is one running? Start one with "
                + "'osmia quickstart' or 'osmia node --state-dir DIR', or name its socket with --socket");
    }

    private static NotReachable forbidden(Path socket) {
        return new NotReachable("no access to the node at " + socket
                + " (permission denied); become the user that runs it, or name another socket with --socket");
    }

    private NettyChannelBuilder channel(Path socket) {
        MultiThreadIoEventLoopGroup group = loop;
        if (group == null) {
            group = new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("osmia-cli", true), NioIoHandler.newFactory());
            loop = group;
        }
        return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .eventLoopGroup(group)
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .overrideAuthority("localhost")
                .directExecutor()
                .disableRetry()
                .maxInboundMessageSize(LARGEST_ANSWER);
    }

    private static SslContext anyPeer() {
        try {
            return GrpcSslContexts.forClient()
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java cannot speak TLS", e);
        }
    }

    private static boolean becomesReady(ManagedChannel channel) {
        CountDownLatch decided = new CountDownLatch(1);
        watch(channel, channel.getState(true), decided);
        try {
            if (!decided.await(CONNECT_BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return channel.getState(false) == ConnectivityState.READY;
    }

    private static void watch(ManagedChannel channel, ConnectivityState state, CountDownLatch decided) {
        if (state == ConnectivityState.READY
                || state == ConnectivityState.TRANSIENT_FAILURE
                || state == ConnectivityState.SHUTDOWN) {
            decided.countDown();
        } else {
            channel.notifyWhenStateChanged(state, () -> watch(channel, channel.getState(false), decided));
        }
    }
}
