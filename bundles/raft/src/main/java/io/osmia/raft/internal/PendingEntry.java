package io.osmia.raft.internal;

import io.osmia.store.StoreException;
import io.osmia.wire.osmia.LogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An entry on its way into the log, and who waits for it. */
final class PendingEntry {

    private enum State {
        IN_FLIGHT,
        COMMITTED,
        FAILED
    }

    private final long term;
    private final LogEntry entry;

    /* Guarded by this. */
    private State state = State.IN_FLIGHT;
    private @Nullable StoreException failure;
    private final List<Consumer<@Nullable StoreException>> waiters = new ArrayList<>();

    /** @param term the only one in which it may be appended */
    PendingEntry(long term, LogEntry entry) {
        this.term = term;
        this.entry = entry;
    }

    long term() {
        return term;
    }

    LogEntry entry() {
        return entry;
    }

    /** Called once: with null when it is committed and applied, else with why not. May be called before this returns. */
    void whenSettled(Consumer<@Nullable StoreException> waiter) {
        @Nullable StoreException why;
        synchronized (this) {
            if (state == State.IN_FLIGHT) {
                waiters.add(waiter);
                return;
            }
            why = failure;
        }
        waiter.accept(why);
    }

    void committed() {
        settle(State.COMMITTED, null);
    }

    void failed(StoreException why) {
        settle(State.FAILED, why);
    }

    private void settle(State outcome, @Nullable StoreException why) {
        List<Consumer<@Nullable StoreException>> told;
        synchronized (this) {
            if (state != State.IN_FLIGHT) {
                return;
            }
            state = outcome;
            failure = why;
            told = List.copyOf(waiters);
            waiters.clear();
        }
        told.forEach(w -> w.accept(why));
    }
}
