package io.osmia.scheduler.internal.plugin;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs attempts on a thread of their own. A plugin that does not come back from one call keeps that thread, which is
 * interrupted and left behind; the next attempt gets another one. Used by one thread.
 */
public final class WatchedAttempts implements Attempts, AutoCloseable {

    private final String name;
    private final Duration patience;
    private ExecutorService thread;

    /**
     * @param name for the thread
     * @param patience how long one call may take
     */
    public WatchedAttempts(String name, Duration patience) {
        this.name = name;
        this.patience = patience;
        this.thread = thread();
    }

    private ExecutorService thread() {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon(true).name(name).factory());
    }

    @Override
    public <R> R run(Function<Lifeline, R> attempt) {
        Lifeline lifeline = new Lifeline();
        Future<R> result = thread.submit(() -> attempt.apply(lifeline));
        try {
            return await(result, lifeline);
        } catch (ExecutionException e) {
            throw unchecked(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while placing tasks", e);
        }
    }

    private <R> R await(Future<R> result, Lifeline lifeline) throws ExecutionException, InterruptedException {
        while (true) {
            long step = lifeline.step();
            try {
                return result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                @Nullable Installed<?> holder = lifeline.cut(step);
                if (holder != null) {
                    thread.shutdownNow();
                    thread = thread();
                    throw PluginFault.blocked(holder, patience);
                }
            }
        }
    }

    private static RuntimeException unchecked(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
