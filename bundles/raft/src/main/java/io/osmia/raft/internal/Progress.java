package io.osmia.raft.internal;

import io.osmia.store.StoreMachine;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/** Up to where the store has come, over all openings of the log, and who waits for it to come further. Thread-safe. */
final class Progress {

    private final Waiters versions;
    private final Waiters indices = new Waiters(() -> this.index);
    private volatile long index = -1;

    Progress(StoreMachine machine) {
        this.versions = new Waiters(() -> machine.committed().version());
    }

    /** Index of the newest log entry that is in the store; negative when there is none. */
    long index() {
        return index;
    }

    /** Called on the thread that applies. */
    void reached(long applied) {
        index = Math.max(index, applied);
        indices.release();
        versions.release();
    }

    /** Completes, on a thread of its own, when the store has a version. */
    CompletableFuture<Void> version(long version) {
        return versions.await(version);
    }

    /** Completes, on a thread of its own, when a log entry is in the store. */
    CompletableFuture<Void> index(long of) {
        return indices.await(of);
    }

    /** Nobody waits in vain for what never comes. */
    void end(Throwable why) {
        versions.end(why);
        indices.end(why);
    }

    /** Who waits for a number that only grows. */
    private static final class Waiters {

        private final LongSupplier now;
        private final ConcurrentSkipListMap<Long, CompletableFuture<Void>> waiting = new ConcurrentSkipListMap<>();

        Waiters(LongSupplier now) {
            this.now = now;
        }

        CompletableFuture<Void> await(long number) {
            if (now.getAsLong() >= number) {
                return CompletableFuture.completedFuture(null);
            }
            CompletableFuture<Void> reached = waiting.computeIfAbsent(number, n -> new CompletableFuture<>());
            release();
            return reached.thenApplyAsync(done -> done, Thread::startVirtualThread);
        }

        void release() {
            if (waiting.isEmpty()) {
                return;
            }
            for (Map.Entry<Long, CompletableFuture<Void>> entry : waiting.headMap(now.getAsLong(), true).entrySet()) {
                // Not one that came to the same place since.
                waiting.remove(entry.getKey(), entry.getValue());
                entry.getValue().complete(null);
            }
        }

        void end(Throwable why) {
            waiting.values().forEach(waiter -> waiter.completeExceptionally(why));
            waiting.clear();
        }
    }
}
