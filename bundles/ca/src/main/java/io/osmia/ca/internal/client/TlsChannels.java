package io.osmia.ca.internal.client;

import com.google.common.net.HostAndPort;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.osmia.roles.Channels;
import io.osmia.roles.Credentials;
import io.osmia.roles.TlsRules;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Connections to managers over TLS (rule 7.8.2). */
public final class TlsChannels implements Channels {

    /** Bytes on their way. A fixed number: gRPC would measure the best one with a ping and its answer for each message. */
    private static final int WINDOW = 1 << 20;

    private static final int DIAL_MILLIS = (int) Duration.ofSeconds(5).toMillis();

    private final SslContext context;

    private TlsChannels(SslContext context) {
        this.context = context;
    }

    private static SslContext context(UnaryOperator<SslContextBuilder> how) {
        try {
            return GrpcSslContexts.configure(how.apply(SslContextBuilder.forClient()), SslProvider.JDK)
                    .protocols(TlsRules.PROTOCOLS)
                    .ciphers(TlsRules.SUITES, SupportedCipherSuiteFilter.INSTANCE)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS cannot be set up with the node's certificate", e);
        }
    }

    /** As {@link #mutual}, made when the first channel is opened, which spares a start of the node its cost. */
    public static Channels lazy(X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {
        AtomicReference<@Nullable TlsChannels> made = new AtomicReference<>();
        return (address, serverName) -> made.updateAndGet(before -> before == null ? mutual(keys, trust) : before)
                .open(address, serverName);
    }

    /** Each end shows its certificate, and the other must be of this cluster. */
    public static TlsChannels mutual(X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {
        return new TlsChannels(context(client -> client.keyManager(keys).trustManager(trust)));
    }

    /** The other end must be of this cluster, this one shows nothing (rule 7.5.2). */
    public static TlsChannels anonymous(X509ExtendedTrustManager trust) {
        return new TlsChannels(context(client -> client.trustManager(trust)));
    }

    /** Whoever answers is taken (rule 7.5.1): for what is checked in another way. */
    public static TlsChannels unverified() {
        return new TlsChannels(context(client -> client.trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)));
    }

    /** gRPC sets it, and unix sockets have no such option: each connection would leave a warning. */
    private static final @Nullable Boolean NO_KEEP_ALIVE = null;

    /** A manager's control socket; no TLS. */
    static ManagedChannel local(Path socket, EventLoopGroup threads) {
        return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .eventLoopGroup(threads)
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .overrideAuthority(Credentials.CA_NAME)
                .withOption(ChannelOption.SO_KEEPALIVE, NO_KEEP_ALIVE)
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .usePlaintext()
                .build();
    }

    /** The authority has no port, so the JDK finds no session to take up again, which would show the certificate of before. */
    @Override
    public ManagedChannel open(String address, String serverName) {
        return NettyChannelBuilder.forAddress(socketAddress(address))
                .overrideAuthority(serverName)
                .sslContext(context)
                .flowControlWindow(WINDOW)
                .offloadExecutor(Runnable::run) // a handshake's steps take less than the changes of threads they would cost
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, DIAL_MILLIS)
                .build();
    }

    /** The address of {@code host:port} or {@code [v6]:port}; a name is looked up anew for each channel. */
    private static InetSocketAddress socketAddress(String address) {
        HostAndPort parts = HostAndPort.fromString(address);
        return new InetSocketAddress(parts.getHost(), parts.getPort());
    }
}
