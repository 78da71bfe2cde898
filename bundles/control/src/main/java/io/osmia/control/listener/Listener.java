package io.osmia.control.listener;

import io.grpc.HandlerRegistry;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.osmia.roles.Handshakes;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One gRPC server. Which services it offers is asked anew for each call. */
final class Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** Rule 0.4. */
    static final int LARGEST_MESSAGE = 4 << 20;

    /** Bytes on their way. A fixed number: gRPC would measure the best one with a ping and its answer for each message. */
    private static final int WINDOW = 1 << 20;

    /** Bytes of all metadata of a call. */
    private static final int LARGEST_HEADERS = 16 << 10;

    /** On one connection. Another manager's carries the streams of all agents that talk to it. */
    private static final int MOST_CALLS = 16_384;

    private static final int HARD_STOP_SECONDS = 1;

    /** Peers may ask for a sign of life this often. */
    private static final int KEEP_ALIVE_SECONDS = 10;

    private final Server server;

    private Listener(Server server) {
        this.server = server;
    }

    /** @param interceptors the outermost first */
    static Listener start(
            SocketAddress address,
            Class<? extends ServerChannel> channel,
            Negotiation negotiation,
            EventLoops loops,
            HandlerRegistry handlers,
            Callers callers,
            List<ServerInterceptor> interceptors)
            throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address, negotiation.credentials())
                .channelType(channel)
                .bossEventLoopGroup(loops.io())
                .workerEventLoopGroup(loops.io())
                .executor(loops.calls())
                .fallbackHandlerRegistry(handlers)
                .addTransportFilter(callers)
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .flowControlWindow(WINDOW)
                .withChildOption(ChannelOption.SO_KEEPALIVE, keepAlive(channel))
                .maxInboundMetadataSize(LARGEST_HEADERS)
                .maxConcurrentCallsPerConnection(MOST_CALLS)
                .handshakeTimeout(Handshakes.SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true);
        interceptors.reversed().forEach(builder::intercept); // the builder calls the last one first
        return new Listener(builder.build().start());
    }

    /** gRPC sets it, and unix sockets have no such option: each connection would leave a warning. */
    private static @Nullable Boolean keepAlive(Class<? extends ServerChannel> channel) {
        return channel == NioServerDomainSocketChannel.class ? null : Boolean.TRUE;
    }

    List<? extends SocketAddress> addresses() {
        return server.getListenSockets();
    }

    /** No new calls from now on. */
    void beginStop() {
        server.shutdown();
    }

    /** Ends the calls that still run. */
    void finishStop() throws InterruptedException {
        server.shutdownNow();
        if (!server.awaitTermination(HARD_STOP_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("the gRPC server on {} has not ended {} s after it was told to", addresses(), HARD_STOP_SECONDS);
        }
    }
}
