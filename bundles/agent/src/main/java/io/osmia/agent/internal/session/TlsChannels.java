package io.osmia.agent.internal.session;

import com.google.common.net.HostAndPort;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.osmia.roles.Channels;
import io.osmia.roles.Credentials;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLException;

/** Connections over mutual TLS: each end shows its node certificate, and the other must be a manager (rule 7.8.2). */
public final class TlsChannels implements Channels {

    private final SslContext context;

    public TlsChannels(Credentials credentials) {
        try {
            context = GrpcSslContexts.configure(
                    SslContextBuilder.forClient()
                            .keyManager(credentials.keyManager())
                            .trustManager(credentials.trustManager()),
                    SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS cannot be set up with the node's certificate", e);
        }
    }

    @Override
    public ManagedChannel open(String address, String serverName) {
        return NettyChannelBuilder.forAddress(socketAddress(address))
                .overrideAuthority(serverName)
                .sslContext(context)
                .directExecutor()
                .build();
    }

    /** The address of {@code host:port} or {@code [v6]:port}; a name is looked up anew for each connection. */
    private static InetSocketAddress socketAddress(String address) {
        HostAndPort parts = HostAndPort.fromString(address);
        return new InetSocketAddress(parts.getHost(), parts.getPort());
    }
}
