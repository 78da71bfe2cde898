package io.osmia.shell;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/** A gRPC server on a real unix socket. */
final class FakeNode implements AutoCloseable {

    private static final Metadata.Key<String> READ = Metadata.Key.of("osmia-read", Metadata.ASCII_STRING_MARSHALLER);

    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Server server;

    /** Plaintext without keys, else TLS and nothing else, as SwarmKit's socket is. */
    FakeNode(Path socket, @Nullable KeyManagerFactory keys, List<String> reads,
            List<? extends BindableService> services)
            throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .channelType(NioServerDomainSocketChannel.class)
                .directExecutor();
        if (keys != null) {
            builder.sslContext(GrpcSslContexts.configure(
                    io.netty.handler.ssl.SslContextBuilder.forServer(keys),
                    io.netty.handler.ssl.SslProvider.JDK)
                    .build());
        }
        builder.intercept(new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                reads.add(Objects.requireNonNullElse(headers.get(READ), ""));
                return next.startCall(call, headers);
            }
        });
        for (BindableService service : services) {
            builder.addService(service);
        }
        this.server = builder.build().start();
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow();
        server.awaitTermination(10, TimeUnit.SECONDS);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
