package io.osmia.itests.harness;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Clients of remote APIs over TLS that look at no server's name and trust every server: what matters is who they are. */
public final class TlsChannels implements AutoCloseable {

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<ManagedChannel> channels = new ArrayList<>();

    /** As someone who has no certificate. */
    public ManagedChannel anonymous(String address) throws IOException {
        return open(address, client());
    }

    /** As this node. */
    public ManagedChannel as(Node node, String address) throws IOException {
        return as(certificatePem(node), keyPem(node), address);
    }

    public ManagedChannel as(String certificatePem, String keyPem, String address) throws IOException {
        return open(address, client().keyManager(stream(certificatePem), stream(keyPem)));
    }

    private static SslContextBuilder client() {
        return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm("");
    }

    private ManagedChannel open(String address, SslContextBuilder context) throws IOException {
        String[] parts = address.split(":");
        ManagedChannel channel = NettyChannelBuilder.forAddress(parts[0], Integer.parseInt(parts[1]))
                .eventLoopGroup(loop)
                .channelType(NioSocketChannel.class)
                .overrideAuthority("swarm-manager")
                .sslContext(context.build())
                .build();
        channels.add(channel);
        return channel;
    }

    public static String certificatePem(Node node) throws IOException {
        return Files.readString(node.stateDir().resolve("certificates/swarm-node.crt"));
    }

    /** A key as others read it: without the headers that a node puts there. */
    public static String keyPem(Node node) throws IOException {
        return Files.readAllLines(node.stateDir().resolve("certificates/swarm-node.key")).stream()
                .filter(line -> !line.isBlank() && !line.contains(": "))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Writes the node's key without those headers. */
    public static Path keyFile(Node node, Path folder) throws IOException {
        return Files.writeString(folder.resolve(node.stateDir().getFileName() + ".key"), keyPem(node));
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws InterruptedException {
        channels.forEach(ManagedChannel::shutdownNow);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
    }
}
