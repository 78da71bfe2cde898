package io.osmia.raft.internal;

import io.osmia.wire.osmia.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The entries between their validation and their commit, in order: the first ones are in flight, the others are filled
 * meanwhile. Thread-safe; only {@link #awaitRoom} waits.
 */
final class EntryLine {

    private final int mostInFlight;
    private final int mostTransactions;
    private final long mostBytes;

    /* Guarded by this. */
    private final ArrayDeque<PendingEntry> inFlight = new ArrayDeque<>();
    private final ArrayDeque<PendingEntry> filling = new ArrayDeque<>();
    private int transactions;
    private long bytes;

    /**
     * @param mostInFlight entries that are in the log and not yet applied
     * @param mostTransactions in all entries; who comes then waits
     * @param mostBytes in all entries, one transaction more than that at most
     */
    EntryLine(int mostInFlight, int mostTransactions, long mostBytes) {
        this.mostInFlight = mostInFlight;
        this.mostTransactions = mostTransactions;
        this.mostBytes = mostBytes;
    }

    synchronized boolean hasRoom() {
        return transactions < mostTransactions && bytes < mostBytes;
    }

    /** Waits until {@link #hasRoom}, at most so long; false when it had none. */
    synchronized boolean awaitRoom(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (!hasRoom()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    /** Puts a transaction at the end, into the last entry if that still takes it, and returns the entry it is in. */
    synchronized PendingEntry add(long term, Transaction transaction) {
        PendingEntry last = filling.peekLast();
        long before = last == null ? 0 : last.bytes();
        if (last == null || !last.add(term, transaction)) {
            before = 0;
            last = new PendingEntry(term);
            last.add(term, transaction);
            filling.addLast(last);
        }
        transactions++;
        bytes += last.bytes() - before;
        return last;
    }

    /** The newest entry; what is validated now rests on it. Null when everything is settled. */
    synchronized @Nullable PendingEntry last() {
        PendingEntry last = filling.peekLast();
        return last != null ? last : inFlight.peekLast();
    }

    /** The next one to append, packed; null while there is none or enough are in flight. */
    synchronized @Nullable PendingEntry next() {
        PendingEntry next = inFlight.size() < mostInFlight ? filling.pollFirst() : null;
        if (next != null) {
            next.entry();
            inFlight.addLast(next);
        }
        return next;
    }

    /** Whether it was in flight; it no longer is. */
    synchronized boolean remove(PendingEntry entry) {
        boolean there = inFlight.remove(entry);
        if (there) {
            transactions -= entry.transactions();
            bytes -= entry.bytes();
            notifyAll();
        }
        return there;
    }

    /** Whether entries are being filled. */
    synchronized boolean waiting() {
        return !filling.isEmpty();
    }

    /** Those that have been in it for longer than this, in order. */
    synchronized List<PendingEntry> olderThan(long nanos) {
        return Stream.concat(inFlight.stream(), filling.stream())
                .filter(entry -> entry.olderThan(nanos))
                .toList();
    }

    /** Empties it; what was in it, in order. */
    synchronized List<PendingEntry> clear() {
        List<PendingEntry> all = new ArrayList<>(inFlight);
        all.addAll(filling);
        inFlight.clear();
        filling.clear();
        transactions = 0;
        bytes = 0;
        notifyAll();
        return all;
    }
}
