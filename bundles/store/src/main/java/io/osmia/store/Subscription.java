package io.osmia.store;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The commits that follow a state, without gap or repetition. The queue is bounded: a subscriber that does not keep up gets
 * one {@link Resync} in place of what it missed.
 */
public interface Subscription extends AutoCloseable {

    /** The state that the first delivery follows. */
    View start();

    /** The next delivery, or null when none came in time or {@link #wake} was called. */
    @Nullable
    Delivery poll(Duration timeout) throws InterruptedException;

    /**
     * From now on only a commit that touches one of these tables ends a waiting {@link #poll}; others are delivered with the next
     * one that does, or when many have gathered. Waking a thread for each costs more than the commit itself.
     */
    void wakeFor(Set<Table<?>> tables);

    /** Makes a waiting or the next {@link #poll} return at once. */
    void wake();

    /** Ends it; a waiting poll returns {@link Closed}. */
    @Override
    void close();

    /** What a subscriber gets. */
    sealed interface Delivery {}

    /** One commit. */
    record Committed(Commit commit) implements Delivery {}

    /** Commits were left out, or the store was replaced by a snapshot: begin anew from this state. */
    record Resync(View view) implements Delivery {}

    /** The subscription or the store is closed; nothing follows. */
    record Closed() implements Delivery {}
}
