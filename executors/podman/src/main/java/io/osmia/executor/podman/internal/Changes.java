package io.osmia.executor.podman.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Wakes those who wait for something to happen to a container. Ask for the next change first, then look at the container,
 * then wait: what happens in between is not missed. A change may be nothing: look again.
 */
final class Changes {

    private final Map<String, CompletableFuture<Void>> next = new ConcurrentHashMap<>();

    /** What completes when something happens to this container, or when nobody knows what has. */
    CompletableFuture<Void> next(String name) {
        return next.computeIfAbsent(name, n -> new CompletableFuture<>());
    }

    /** Containers that somebody waits for. */
    Set<String> awaited() {
        return Set.copyOf(next.keySet());
    }

    void happened(String name) {
        CompletableFuture<Void> waiting = next.remove(name);
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    /** Something may have happened to each of them. */
    void mayHaveHappened() {
        next.keySet().forEach(this::happened);
    }

    /** Waits for the change, at most for that long. */
    static void await(CompletableFuture<Void> change, Duration bound) throws InterruptedException {
        try {
            change.get(Math.max(1, bound.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // then it is looked at again
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
