package io.osmia.shell.internal.connect;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.osmia.shell.NotReachable;
import io.osmia.shell.Place;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Channels over a unix socket. Who may open the socket may command the node, so nobody is verified: neither side of
 * TLS shows a certificate that is looked at (rule 10.1.2). A node of SwarmKit speaks TLS only and closes the
 * connection when it meets plaintext, before any call was sent; then TLS is tried.
 */
final class SocketConnector {

    private final Dialer dialer;

    SocketConnector(Dialer dialer) {
        this.dialer = dialer;
    }

    Channel connect(Place.Socket place) throws NotReachable {
        Path socket = place.path();
        check(socket);
        Optional<ManagedChannel> plain =
                place.tls() ? Optional.empty() : dialer.dial(channel(socket).usePlaintext());
        if (plain.isPresent()) {
            return plain.get();
        }
        return dialer.dial(channel(socket).sslContext(anyPeer()))
                .orElseThrow(() -> unreachable(socket, "nothing answers"));
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
            throw unreachable(socket, "no such socket; a worker has none");
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

    private static NettyChannelBuilder channel(Path socket) {
        return NettyChannelBuilder.forTarget(SocketResolver.target(socket))
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                // gRPC sets it, and unix sockets have no such option: each connection would leave a warning.
                .withOption(ChannelOption.SO_KEEPALIVE, null)
                .overrideAuthority("localhost");
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
}
