package io.osmia.shell.internal.connect;

import io.grpc.Channel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.osmia.shell.NotReachable;
import io.osmia.shell.Place;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLException;

/** Channels to a manager's remote API, as another manager would open them (rule 7.8). */
final class RemoteConnector {

    /** The name that every manager's certificate has. */
    private static final String MANAGER = "swarm-manager";

    private final Dialer dialer;

    RemoteConnector(Dialer dialer) {
        this.dialer = dialer;
    }

    Channel connect(Place.Remote place) throws NotReachable {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(address(place.address()))
                .channelType(NioSocketChannel.class)
                .overrideAuthority(MANAGER)
                .sslContext(context(NodeIdentity.read(place.certificates())));
        return dialer.dial(builder).orElseThrow(() -> new NotReachable("no manager at " + place.address()
                + " that takes the certificate in " + place.certificates()
                + "; see whether it runs, is a manager of the same cluster, and whether the certificate has ended"));
    }

    private static InetSocketAddress address(String text) throws NotReachable {
        int colon = text.lastIndexOf(':');
        try {
            String host = text.substring(0, Math.max(0, colon)).replaceAll("^\\[(.*)]$", "$1");
            InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
            if (!host.isEmpty() && !address.isUnresolved()) {
                return address;
            }
        } catch (IllegalArgumentException notAPort) {
            // Said below, with the whole address.
        }
        throw new NotReachable("no machine is known as '" + text + "'; --host takes a manager's HOST:PORT");
    }

    private static SslContext context(NodeIdentity identity) throws NotReachable {
        try {
            return GrpcSslContexts.forClient()
                    .keyManager(identity.key(), identity.chain())
                    .trustManager(identity.roots())
                    .build();
        } catch (SSLException e) {
            throw new NotReachable("the certificate cannot be used for TLS: " + e.getMessage());
        }
    }
}
