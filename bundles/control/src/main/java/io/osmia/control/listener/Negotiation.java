package io.osmia.control.listener;

import io.grpc.ServerCredentials;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.AsciiString;
import io.osmia.roles.Handshakes;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a new connection begins: with TLS on TCP, with TLS or without on the unix socket, told apart by the first byte.
 */
final class Negotiation implements InternalProtocolNegotiator.ProtocolNegotiator {

    /** First byte of a TLS handshake record; an HTTP/2 client without TLS begins with {@code PRI}. */
    private static final int TLS_HANDSHAKE = 0x16;

    private final Tls tls;
    private final @Nullable Handshakes handshakes;

    private Negotiation(Tls tls, @Nullable Handshakes handshakes) {
        this.tls = tls;
        this.handshakes = handshakes;
    }

    /** On TCP, where strangers come. */
    static Negotiation remote(Tls tls, Handshakes handshakes) {
        return new Negotiation(tls, handshakes);
    }

    /** On the unix socket. */
    static Negotiation local(Tls tls) {
        return new Negotiation(tls, null);
    }

    ServerCredentials credentials() {
        return InternalNettyServerCredentials.create(this);
    }

    @Override
    public AsciiString scheme() {
        return AsciiString.cached("https");
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
        Handshakes limits = handshakes;
        return limits == null
                ? new FirstByte(() -> secure(grpc), () -> plain(grpc))
                : new Admission(limits, () -> secure(grpc));
    }

    private ChannelHandler secure(GrpcHttp2ConnectionHandler grpc) {
        return InternalProtocolNegotiators.serverTls(tls.context()).newHandler(grpc);
    }

    private static ChannelHandler plain(GrpcHttp2ConnectionHandler grpc) {
        return InternalProtocolNegotiators.serverPlaintext().newHandler(grpc);
    }

    @Override
    public void close() {
        // nothing is held
    }

    /** Closes the connection, or gives its place to the handshake. */
    private static final class Admission extends ChannelHandlerAdapter {

        private final Handshakes handshakes;
        private final Supplier<ChannelHandler> secure;

        Admission(Handshakes handshakes, Supplier<ChannelHandler> secure) {
            this.handshakes = handshakes;
            this.secure = secure;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            Channel channel = context.channel();
            SocketAddress remote = channel.remoteAddress();
            if (handshakes.admit(remote, channel::close)) {
                channel.closeFuture().addListener(closed -> handshakes.finished(remote));
                context.pipeline().addAfter(context.name(), null, new Failure(handshakes, remote));
                context.pipeline().replace(this, null, secure.get());
            } else {
                context.close();
            }
        }
    }

    /** Says why the handshake before it has failed; after one that has not, it is not there any more. */
    private static final class Failure extends ChannelInboundHandlerAdapter {

        private final Handshakes handshakes;
        private final SocketAddress remote;

        Failure(Handshakes handshakes, SocketAddress remote) {
            this.handshakes = handshakes;
            this.remote = remote;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            handshakes.failed(remote, cause);
            context.fireExceptionCaught(cause);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.pipeline().remove(this);
            context.fireChannelRead(message);
        }
    }

    /** Waits for the first byte, then gives its place to the handler that fits. */
    private static final class FirstByte extends ByteToMessageDecoder {

        private final Supplier<ChannelHandler> secure;
        private final Supplier<ChannelHandler> plain;
        private @Nullable Object negotiationBegins;

        FirstByte(Supplier<ChannelHandler> secure, Supplier<ChannelHandler> plain) {
            this.secure = secure;
            this.plain = plain;
        }

        /** The event that starts gRPC's negotiation; kept for the handler that comes. */
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (negotiationBegins == null) {
                negotiationBegins = event;
            } else {
                super.userEventTriggered(context, event);
            }
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            boolean handshake = in.getUnsignedByte(in.readerIndex()) == TLS_HANDSHAKE;
            ChannelHandler next = handshake ? secure.get() : plain.get();
            context.pipeline().addAfter(context.name(), null, next);
            if (negotiationBegins != null) {
                context.fireUserEventTriggered(negotiationBegins);
            }
            context.pipeline().remove(this); // hands over the bytes that were read
        }
    }
}
