package io.osmia.store;

import io.osmia.store.StoreException.Reason;
import io.osmia.store.internal.Actions;
import io.osmia.store.internal.Draft;
import io.osmia.store.internal.Publisher;
import io.osmia.store.internal.Sharing;
import io.osmia.store.internal.Snapshots;
import io.osmia.store.internal.State;
import io.osmia.wire.osmia.Transaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of the store: validates transactions against the tentative head and applies them when they are
 * committed. Knows no log, no clock and no thread.
 *
 * <p>Two heads: the committed one, which readers and watchers see, and the tentative one, which is the committed one with
 * all pending proposals on top. Proposals are committed in order or dropped all together.
 *
 * <p>Threads: {@link #propose} by one at a time; {@link #apply} and {@link #restore} by one at a time, which may be another
 * one and meanwhile; all else by any. No body runs under a lock, and the applying thread never waits for one.
 */
public final class StoreMachine implements AutoCloseable {

    /** The greatest transaction, in bytes (rule 1.2.3). */
    public static final int MAX_TRANSACTION_BYTES = 1_572_864;

    private final Publisher publisher = new Publisher();
    // only apply() and restore() touch it
    private final Sharing sharing = new Sharing();
    private final Object lock = new Object();
    // all below: guarded by lock
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private State tentative = State.EMPTY;
    // the committed head, or the one that is about to be published
    private State applied = State.EMPTY;
    private long drops;

    private record Pending(Transaction transaction, List<Change<?>> changes, State after) {}

    /** The newest committed state. Takes no lock. */
    public View committed() {
        return publisher.committed();
    }

    /** The committed state with all pending proposals. */
    public View tentative() {
        synchronized (lock) {
            return tentative;
        }
    }

    /** How many proposals wait for their commit. */
    public int pending() {
        synchronized (lock) {
            return pending.size();
        }
    }

    /**
     * Runs the body against the tentative head and validates what it did. Its changes get the next version and become
     * pending until {@link #apply} or {@link #abort}; a body without changes leaves nothing behind, and its answer rests on
     * the version that {@link #tentative} has.
     *
     * @param now for created_at and updated_at (rule 1.1.3)
     * @throws StoreException as the body did; TOO_LARGE; LOST_LEADERSHIP when the pending proposals were dropped while it ran
     */
    public <R> Proposal<R> propose(Instant now, Function<Tx, R> body) {
        State base;
        long dropsBefore;
        synchronized (lock) {
            base = tentative;
            dropsBefore = drops;
        }
        Draft draft = new Draft(base, now);
        R result;
        try {
            result = body.apply(draft);
        } finally {
            draft.close();
        }
        if (draft.changeCount() == 0) {
            return new Proposal<>(0, Transaction.getDefaultInstance(), result);
        }
        State after = draft.state();
        Pending proposal = new Pending(Actions.of(after.version(), draft.changes()), draft.changes(), after);
        if (proposal.transaction.getSerializedSize() > MAX_TRANSACTION_BYTES) {
            throw new StoreException(Reason.TOO_LARGE);
        }
        synchronized (lock) {
            if (drops != dropsBefore) {
                throw new StoreException(Reason.LOST_LEADERSHIP);
            }
            pending.add(proposal);
            tentative = after;
        }
        return new Proposal<>(after.version(), proposal.transaction, result);
    }

    /**
     * Applies a committed transaction. The oldest pending proposal is not decoded again; anything else drops all pending
     * ones (rule 8.6.3).
     *
     * @return the commit, or null when the transaction is already part of the committed state (a replay)
     */
    public @Nullable Commit apply(Transaction transaction) {
        State before = publisher.committed();
        if (transaction.getVersion() <= before.version()) {
            return null;
        }
        Pending own = takeOwn(transaction);
        if (own == null) {
            return applyForeign(before, transaction);
        }
        return publish(before, own.after, own.changes);
    }

    private @Nullable Pending takeOwn(Transaction transaction) {
        synchronized (lock) {
            Pending oldest = pending.peek();
            boolean own = oldest != null
                    && oldest.transaction.getVersion() == transaction.getVersion()
                    && oldest.transaction.equals(transaction);
            if (!own) {
                return null;
            }
            applied = oldest.after;
            return pending.poll();
        }
    }

    private Commit applyForeign(State before, Transaction transaction) {
        Actions.Applied foreign = Actions.apply(before, transaction, sharing);
        replaceHead(foreign.after());
        return publish(before, foreign.after(), foreign.changes());
    }

    private Commit publish(State before, State after, List<Change<?>> changes) {
        after.digestAfter(before, changes);
        Commit commit = new Commit(after.version(), changes, before, after);
        publisher.publish(commit, after);
        return commit;
    }

    /** Drops all pending proposals; the tentative head is the committed one again. By any thread. */
    public void abort() {
        synchronized (lock) {
            dropPending();
        }
    }

    private void replaceHead(State head) {
        synchronized (lock) {
            applied = head;
            dropPending();
        }
    }

    /** Under the lock. */
    private void dropPending() {
        pending.clear();
        tentative = applied;
        drops++;
    }

    /** Writes a state, object by object; the stream is flushed and left open. */
    public void writeSnapshot(View view, OutputStream out) throws IOException {
        Snapshots.write(view, out);
    }

    /**
     * Replaces everything by a snapshot: pending proposals are dropped, subscribers get a resync. A damaged snapshot changes
     * nothing.
     *
     * @throws IOException when it cannot be read, is damaged, or is of a newer format
     */
    public void restore(InputStream in) throws IOException {
        State state = Snapshots.read(in, sharing);
        state.digest();
        replaceHead(state);
        publisher.replace(state);
    }

    /**
     * Subscribes from the committed state on.
     *
     * @param name for logs and health
     * @param capacity how many commits may wait, at least 1
     */
    public Subscription subscribe(String name, int capacity) {
        return publisher.subscribe(name, capacity);
    }

    /** Closes all subscriptions, and those to come. */
    @Override
    public void close() {
        publisher.close();
    }
}
