package io.osmia.raft.internal;

import io.osmia.store.StoreException;
import io.osmia.store.StoreMachine;
import io.osmia.wire.osmia.LogEntry;
import io.osmia.wire.osmia.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An entry on its way into the log, and who waits for it. Takes transactions until it is packed. Thread-safe. */
final class PendingEntry {

    /** The payload of an entry is no greater than the greatest transaction may be (rule 1.2.3). */
    static final int MOST_BYTES = StoreMachine.MAX_TRANSACTION_BYTES;

    /** What stands around each transaction, at most. */
    private static final int FRAME_BYTES = 5;

    private enum State {
        IN_FLIGHT,
        COMMITTED,
        FAILED
    }

    private final long term;
    private final long born = System.nanoTime();
    private final LogEntry.Builder content = LogEntry.newBuilder().setFormat(Records.ENTRY_FORMAT);

    /* Guarded by this. */
    private int transactions;
    private long bytes;
    private @Nullable LogEntry packed;
    private State state = State.IN_FLIGHT;
    private @Nullable StoreException failure;
    private final List<Consumer<@Nullable StoreException>> waiters = new ArrayList<>();

    /** @param term the only one in which it may be appended */
    PendingEntry(long term) {
        this.term = term;
    }

    long term() {
        return term;
    }

    /** Takes one more transaction; not when it is packed, of another term, or has no room. The first one always fits. */
    synchronized boolean add(long of, Transaction transaction) {
        long size = (long) transaction.getSerializedSize() + FRAME_BYTES;
        if (packed != null || of != term || (transactions > 0 && bytes + size > MOST_BYTES)) {
            return false;
        }
        content.addTransactions(transaction);
        transactions++;
        bytes += size;
        return true;
    }

    /** From the first call on it takes no more. */
    synchronized LogEntry entry() {
        LogEntry entry = packed;
        if (entry == null) {
            entry = content.build();
            packed = entry;
        }
        return entry;
    }

    /** Whether it may be in the log. */
    synchronized boolean left() {
        return packed != null;
    }

    /** What is proposed beside transactions. */
    static PendingEntry of(long term, LogEntry entry) {
        PendingEntry pending = new PendingEntry(term);
        pending.packed = entry;
        return pending;
    }

    synchronized int transactions() {
        return transactions;
    }

    synchronized long bytes() {
        return bytes;
    }

    boolean olderThan(long nanos) {
        return System.nanoTime() - born > nanos;
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

    /** Whoever waits is told this and waits no longer. The entry itself goes on. */
    void dismiss(StoreException why) {
        List<Consumer<@Nullable StoreException>> told;
        synchronized (this) {
            told = List.copyOf(waiters);
            waiters.clear();
        }
        told.forEach(w -> w.accept(why));
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
