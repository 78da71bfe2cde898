package io.osmia.control.listener;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of both listeners: few that move bytes, and virtual ones in which handlers may wait. */
final class EventLoops {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);
    private static final int MOST_THREADS = 4;
    private static final int STOP_SECONDS = 2;

    private final ThreadFactory threads = new DefaultThreadFactory("osmia-grpc-io", true);
    private final Queue<Thread> started = new ConcurrentLinkedQueue<>();
    private final EventLoopGroup io = new MultiThreadIoEventLoopGroup(
            Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()),
            this::newThread,
            NioIoHandler.newFactory());
    private final ExecutorService calls =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("osmia-grpc-call-", 0).factory());

    private Thread newThread(Runnable loop) {
        Thread thread = threads.newThread(loop);
        started.add(thread);
        return thread;
    }

    EventLoopGroup io() {
        return io;
    }

    ExecutorService calls() {
        return calls;
    }

    /** Waits until the threads have ended: they must not outlive the classes of this bundle. */
    void stop() throws InterruptedException {
        calls.shutdown();
        io.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
        for (Thread thread : started) {
            if (!thread.join(Duration.ofSeconds(STOP_SECONDS))) {
                LOG.warn("{} is still busy {} s after it was stopped", thread.getName(), STOP_SECONDS);
            }
        }
    }
}
