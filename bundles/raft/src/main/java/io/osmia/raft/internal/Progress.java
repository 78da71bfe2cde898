package io.osmia.raft.internal;

import io.osmia.store.StoreMachine;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;

/** Up to where the store has come, over all openings of the log, and who waits for it to come further. Thread-safe. */
final class Progress {

    private final StoreMachine machine;
    private final ConcurrentSkipListMap<Long, CompletableFuture<Void>> waiting = new ConcurrentSkipListMap<>();
    private volatile long index = -1;

    Progress(StoreMachine machine) {
        this.machine = machine;
    }

    /** Index of the newest log entry that is in the store; negative when there is none. */
    long index() {
        return index;
    }

    /** Called on the thread that applies. */
    void reached(long applied) {
        index = Math.max(index, applied);
        if (!waiting.isEmpty()) {
            release(machine.committed().version());
        }
    }

    /** Completes, on a thread of its own, when the store has a version. */
    CompletableFuture<Void> version(long version) {
        if (machine.committed().version() >= version) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> reached = waiting.computeIfAbsent(version, v -> new CompletableFuture<>());
        release(machine.committed().version());
        return reached.thenApplyAsync(done -> done, Thread::startVirtualThread);
    }

    private void release(long version) {
        for (Map.Entry<Long, CompletableFuture<Void>> entry : waiting.headMap(version, true).entrySet()) {
            waiting.remove(entry.getKey());
            entry.getValue().complete(null);
        }
    }

    /** Nobody waits in vain for what never comes. */
    void end(Throwable why) {
        waiting.values().forEach(waiter -> waiter.completeExceptionally(why));
        waiting.clear();
    }
}
