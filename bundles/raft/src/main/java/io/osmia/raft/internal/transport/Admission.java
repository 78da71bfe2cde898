package io.osmia.raft.internal.transport;

import io.osmia.roles.Handshakes;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.grpc.Attributes;
import org.apache.ratis.thirdparty.io.grpc.Grpc;
import org.apache.ratis.thirdparty.io.grpc.ServerTransportFilter;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcHttp2ConnectionHandler;
import org.apache.ratis.thirdparty.io.grpc.netty.InternalProtocolNegotiator;
import org.apache.ratis.thirdparty.io.grpc.netty.InternalProtocolNegotiators;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.netty.channel.Channel;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelHandler;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelHandlerAdapter;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelHandlerContext;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContext;
import org.apache.ratis.thirdparty.io.netty.util.AsciiString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Before TLS begins on the raft port: the same limits as on the remote API. */
final class Admission extends ServerTransportFilter implements InternalProtocolNegotiator.ProtocolNegotiator {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final Handshakes handshakes = new Handshakes(why -> LOG.warn("raft: {}", why));
    private final InternalProtocolNegotiator.ProtocolNegotiator tls;

    Admission(SslContext context) {
        this.tls = InternalProtocolNegotiators.serverTls(context);
    }

    NettyServerBuilder guard(NettyServerBuilder builder) {
        return builder.protocolNegotiator(this)
                .addTransportFilter(this)
                .handshakeTimeout(Handshakes.SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public Attributes transportReady(Attributes connection) {
        handshakes.finished(connection.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        return connection;
    }

    @Override
    public AsciiString scheme() {
        return tls.scheme();
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
        return new Door(grpc);
    }

    @Override
    public void close() {
        tls.close();
    }

    /** Closes the connection, or gives its place to the handshake. */
    private final class Door extends ChannelHandlerAdapter {

        private final GrpcHttp2ConnectionHandler grpc;

        Door(GrpcHttp2ConnectionHandler grpc) {
            this.grpc = grpc;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            Channel channel = context.channel();
            SocketAddress remote = channel.remoteAddress();
            if (handshakes.admit(remote, channel::close)) {
                channel.closeFuture().addListener(closed -> handshakes.finished(remote));
                context.pipeline().addAfter(context.name(), null, new Failure(remote));
                context.pipeline().replace(this, null, tls.newHandler(grpc));
            } else {
                context.close();
            }
        }
    }

    /** Says why the handshake before it has failed; after one that has not, it is not there any more. */
    private final class Failure extends ChannelInboundHandlerAdapter {

        private final SocketAddress remote;

        Failure(SocketAddress remote) {
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
}
