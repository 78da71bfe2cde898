package io.osmia.raft.internal.transport;

import io.osmia.roles.Credentials;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcSslContexts;
import org.apache.ratis.thirdparty.io.netty.buffer.ByteBufAllocator;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.ApplicationProtocolNegotiator;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.ClientAuth;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContext;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContextBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;

/**
 * Mutual TLS in which nothing is resumed: each connection gets a context of its own, which knows no session and no ticket of
 * another. So every handshake goes through {@link ManagerGate} and shows the newest certificate. There are few connections
 * between managers.
 */
final class UnresumedTls extends SslContext {

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private final Credentials credentials;
    private final ManagerGate gate;
    private final boolean client;
    /** For what does not depend on a connection. */
    private final SslContext sample;

    private UnresumedTls(Credentials credentials, ManagerGate gate, boolean client) {
        this.credentials = credentials;
        this.gate = gate;
        this.client = client;
        this.sample = fresh();
    }

    static SslContext server(Credentials credentials, ManagerGate gate) {
        return new UnresumedTls(credentials, gate, false);
    }

    static SslContext client(Credentials credentials, ManagerGate gate) {
        return new UnresumedTls(credentials, gate, true);
    }

    private SslContext fresh() {
        SslContextBuilder builder = client
                ? SslContextBuilder.forClient().keyManager(credentials.keyManager())
                : SslContextBuilder.forServer(credentials.keyManager()).clientAuth(ClientAuth.REQUIRE);
        try {
            return GrpcSslContexts.configure(builder, SslProvider.JDK)
                    .trustManager(gate)
                    .protocols(PROTOCOLS)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("raft: no TLS: " + e.getMessage(), e);
        }
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator buffers) {
        return fresh().newEngine(buffers);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator buffers, String host, int port) {
        return fresh().newEngine(buffers, host, port);
    }

    @Override
    public boolean isClient() {
        return client;
    }

    @Override
    public List<String> cipherSuites() {
        return sample.cipherSuites();
    }

    @Override
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return sample.applicationProtocolNegotiator();
    }

    @Override
    public SSLSessionContext sessionContext() {
        return sample.sessionContext();
    }
}
