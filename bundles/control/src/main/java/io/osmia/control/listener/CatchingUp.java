package io.osmia.control.listener;

import io.osmia.roles.ReadBarrier;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether this manager's store has been as new as the cluster once since it was opened. Before that it holds what its newest
 * snapshot holds: a read would miss what this very manager had acknowledged before it was stopped.
 */
final class CatchingUp {

    private static final Executor LATER = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

    private final Runnable reached;
    private volatile @Nullable ReadBarrier current;
    private volatile boolean done;

    /** @param reached called once per barrier when the store is new enough, on any thread */
    CatchingUp(Runnable reached) {
        this.reached = reached;
    }

    /** The store was opened. */
    void begin(ReadBarrier barrier) {
        done = false;
        current = barrier;
        ask(barrier);
    }

    /** The store is closed. */
    void end(ReadBarrier barrier) {
        if (current == barrier) {
            current = null;
        }
    }

    private void ask(ReadBarrier barrier) {
        barrier.linearizable().whenComplete((passed, failure) -> {
            if (current != barrier) {
                return;
            }
            if (failure != null) {
                LATER.execute(() -> ask(barrier));
                return;
            }
            done = true;
            reached.run();
        });
    }

    /** True also where there is no barrier to ask, so no store that could lag. */
    boolean isDone() {
        return current == null || done;
    }
}
