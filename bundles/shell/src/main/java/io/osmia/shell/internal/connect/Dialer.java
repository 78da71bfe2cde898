package io.osmia.shell.internal.connect;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens channels and waits until they stand. Its one thread is made when the first is wanted. */
final class Dialer implements AutoCloseable {

    private static final Duration CONNECT_BOUND = Duration.ofSeconds(10);
    private static final int LARGEST_ANSWER = 256 * 1024 * 1024;

    private final List<ManagedChannel> open = new ArrayList<>();
    private @Nullable MultiThreadIoEventLoopGroup loop;

    /** Empty if nothing answers, or the other side closes the connection. */
    Optional<ManagedChannel> dial(NettyChannelBuilder builder) {
        ManagedChannel channel = builder.eventLoopGroup(loop())
                .directExecutor()
                .disableRetry()
                .maxInboundMessageSize(LARGEST_ANSWER)
                .build();
        if (becomesReady(channel)) {
            open.add(channel);
            return Optional.of(channel);
        }
        channel.shutdownNow();
        return Optional.empty();
    }

    private MultiThreadIoEventLoopGroup loop() {
        MultiThreadIoEventLoopGroup group = loop;
        if (group == null) {
            group = new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("osmia-cli", true), NioIoHandler.newFactory());
            loop = group;
        }
        return group;
    }

    private static boolean becomesReady(ManagedChannel channel) {
        CountDownLatch decided = new CountDownLatch(1);
        watch(channel, channel.getState(true), decided);
        try {
            if (!decided.await(CONNECT_BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return channel.getState(false) == ConnectivityState.READY;
    }

    private static void watch(ManagedChannel channel, ConnectivityState state, CountDownLatch decided) {
        if (state == ConnectivityState.READY
                || state == ConnectivityState.TRANSIENT_FAILURE
                || state == ConnectivityState.SHUTDOWN) {
            decided.countDown();
        } else {
            channel.notifyWhenStateChanged(state, () -> watch(channel, channel.getState(false), decided));
        }
    }

    @Override
    public void close() {
        open.forEach(ManagedChannel::shutdownNow);
        open.clear();
        if (loop != null) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            loop = null;
        }
    }
}
