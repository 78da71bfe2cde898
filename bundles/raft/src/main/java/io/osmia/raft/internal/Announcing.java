package io.osmia.raft.internal;

import io.osmia.roles.MembershipException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A leader whose addresses are others than the configuration says writes them into it, and tries again until that is so; other
 * members ask it to. On one thread of its own.
 */
final class Announcing implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Announcing.class);

    private final BooleanSupplier due;
    private final Runnable announce;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform().name("raft-announce").daemon().factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    /**
     * @param due whether this manager leads, and its addresses are not known
     * @param announce makes them known, or throws a {@link MembershipException}
     * @param every how often it is looked whether it is due
     */
    Announcing(BooleanSupplier due, Runnable announce, Duration every) {
        this.due = due;
        this.announce = announce;
        thread.scheduleWithFixedDelay(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks at once. */
    void now() {
        thread.execute(this::look);
    }

    private void look() {
        try {
            if (due.getAsBoolean()) {
                announce.run();
            }
        } catch (RuntimeException e) {
            // Top of what is repeated: one that failed would be the last.
            LOG.warn("raft: this manager's addresses were not made known: {}", e.getMessage());
        }
    }

    /** Begins no more; what is under way goes on. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
