package io.osmia.raft.internal;

import io.osmia.roles.ReadBarrier;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until this member's store is new enough, by asking the leader for its commit index, which it tells once a majority has
 * confirmed that it still leads (Raft's read index). While there is no leader, it asks again.
 */
final class Barrier implements ReadBarrier {

    private static final Logger LOG = LoggerFactory.getLogger(Barrier.class);
    private static final long WAIT_MILLIS = 10_000;
    private static final long PAUSE_MILLIS = 50;
    private static final Executor PAUSE =
            CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, Thread::startVirtualThread);

    private final Keeper keeper;

    Barrier(Keeper keeper) {
        this.keeper = keeper;
    }

    @Override
    public CompletableFuture<Void> linearizable() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
        Thread.startVirtualThread(() -> ask(done, until));
        return done;
    }

    private void ask(CompletableFuture<Void> done, long until) {
        RatisServer server = keeper.server();
        if (server == null) {
            again(done, until, "the log is not open");
            return;
        }
        // Of a member that is alone Ratis answers before the log is applied.
        if (keeper.alone() && !keeper.leads()) {
            again(done, until, "the log is not applied yet");
            return;
        }
        CompletableFuture<Long> index = keeper.leads() ? keeper.readIndex() : server.leadersReadIndex();
        index.thenCompose(keeper.progress()::index)
                .orTimeout(until - System.nanoTime(), TimeUnit.NANOSECONDS)
                .whenCompleteAsync((reached, failure) -> answered(done, until, failure), Thread::startVirtualThread);
    }

    private void answered(CompletableFuture<Void> done, long until, @Nullable Throwable failure) {
        if (failure == null) {
            done.complete(null);
        } else {
            again(done, until, failure.toString());
        }
    }

    private void again(CompletableFuture<Void> done, long until, String why) {
        LOG.debug("raft: no read index yet: {}", why);
        if (System.nanoTime() >= until || keeper.closed()) {
            done.completeExceptionally(new IOException("raft: no leader confirmed how new the state is: " + why));
        } else {
            PAUSE.execute(() -> ask(done, until));
        }
    }

    @Override
    public CompletableFuture<Void> reached(long version) {
        CompletableFuture<Void> reached = keeper.progress().version(version);
        RatisServer server = keeper.server();
        if (!reached.isDone() && server != null && !keeper.leads()) {
            // Who reaches it without an answer, by the next entry or heartbeat, is only later.
            server.leadersCommitIndex();
        }
        return reached.orTimeout(WAIT_MILLIS, TimeUnit.MILLISECONDS);
    }
}
