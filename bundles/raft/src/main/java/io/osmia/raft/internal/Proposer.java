package io.osmia.raft.internal;

import io.osmia.raft.RaftLimits;
import io.osmia.roles.Clock;
import io.osmia.store.Proposal;
import io.osmia.store.StoreException;
import io.osmia.store.StoreException.Reason;
import io.osmia.store.StoreMachine;
import io.osmia.store.Tx;
import io.osmia.wire.osmia.LogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of rule 1.2.2: validates transactions in order against the tentative head and puts them into the log, each in
 * an entry of its own. Packing several into one entry would change this class alone.
 *
 * <p>An answer that rests on the tentative head, a refusal too, is given only when that head is committed. When an entry
 * fails, all behind it do: they were validated against it.
 */
final class Proposer {

    /** Entries between here and their commit; who comes then waits. */
    static final int MOST_IN_FLIGHT = 1024;

    private static final long NOBODY = 0;

    private final StoreMachine machine;
    private final Clock clock;
    private final FreeSpace space;
    private final EntryLog log;
    private final long waitMillis;
    private final Semaphore window = new Semaphore(MOST_IN_FLIGHT);
    private final ConcurrentLinkedDeque<PendingEntry> inFlight = new ConcurrentLinkedDeque<>();
    private final ReentrantLock writer = new ReentrantLock();

    /* Guarded by writer. */
    private long leading = NOBODY;
    private Reason refusal = Reason.LOST_LEADERSHIP;

    Proposer(StoreMachine machine, Clock clock, FreeSpace space, EntryLog log, RaftLimits limits) {
        this.machine = machine;
        this.clock = clock;
        this.space = space;
        this.log = log;
        this.waitMillis = limits.writeTimeout().toMillis();
    }

    /** @param answers runs what depends on the answer */
    <R> CompletableFuture<R> submit(long term, Function<Tx, R> body, Executor answers) {
        Answer<R> answer = new Answer<>(answers);
        if (space.low()) {
            return answer.refused(new StoreException(Reason.NO_SPACE));
        }
        try {
            if (!window.tryAcquire(waitMillis, TimeUnit.MILLISECONDS)) {
                return answer.refused(tooSlow());
            }
            boolean used = false;
            try {
                used = underLock(term, body, answer);
            } finally {
                if (!used) {
                    window.release();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return answer.refused(new StoreException(
                    Reason.LOST_LEADERSHIP, Reason.LOST_LEADERSHIP.text() + " (interrupted while waiting)"));
        }
        return answer.future();
    }

    private <R> boolean underLock(long term, Function<Tx, R> body, Answer<R> answer) throws InterruptedException {
        if (!writer.tryLock(waitMillis, TimeUnit.MILLISECONDS)) {
            answer.refused(tooSlow());
            return false;
        }
        try {
            if (leading == NOBODY || leading != term) {
                answer.refused(new StoreException(refusal));
                return false;
            }
            return propose(body, answer);
        } finally {
            writer.unlock();
        }
    }

    private <R> boolean propose(Function<Tx, R> body, Answer<R> answer) {
        Proposal<R> proposal;
        try {
            proposal = machine.propose(clock.now(), body);
        } catch (RuntimeException refused) {
            answerAfter(inFlight.peekLast(), answer, () -> answer.refused(refused));
            return false;
        }
        Runnable give = () -> answer.given(proposal.result());
        if (!proposal.changes()) {
            answerAfter(inFlight.peekLast(), answer, give);
            return false;
        }
        LogEntry entry = LogEntry.newBuilder()
                .setFormat(Records.ENTRY_FORMAT)
                .addTransactions(proposal.transaction())
                .build();
        PendingEntry pending = new PendingEntry(leading, entry);
        inFlight.addLast(pending);
        answerAfter(pending, answer, give);
        space.written(entry.getSerializedSize());
        log.append(pending);
        return true;
    }

    private static void answerAfter(@Nullable PendingEntry entry, Answer<?> answer, Runnable give) {
        if (entry == null) {
            give.run();
            return;
        }
        entry.whenSettled(failure -> {
            if (failure == null) {
                give.run();
            } else {
                answer.refused(failure);
            }
        });
    }

    /** The entry is committed and applied; called on the thread that applies, in order. */
    void applied(PendingEntry entry) {
        if (inFlight.remove(entry)) {
            window.release();
            entry.committed();
        }
    }

    /**
     * From now on, writes on behalf of this term are taken. All that the log holds has been applied, so nothing is applied
     * meanwhile: the moment to make the tentative head the committed one.
     */
    void lead(long term) {
        writer.lock();
        try {
            machine.abort();
            leading = term;
            refusal = Reason.LOST_LEADERSHIP;
        } finally {
            writer.unlock();
        }
    }

    /**
     * An entry failed. When it never reached the log, which is told while it is being proposed, the next one must not follow
     * it there: it was validated against it.
     */
    void notAppended(PendingEntry entry) {
        if (writer.isHeldByCurrentThread() && entry.term() == leading) {
            leading = NOBODY;
            refusal = Reason.LOST_LEADERSHIP;
        }
    }

    /** Fails what is in flight and refuses what comes, until the next {@link #lead} (rule 8.6.2). */
    void lose(Reason reason) {
        List<PendingEntry> lost = new ArrayList<>();
        writer.lock();
        try {
            leading = NOBODY;
            refusal = reason;
            for (PendingEntry entry = inFlight.pollFirst(); entry != null; entry = inFlight.pollFirst()) {
                lost.add(entry);
            }
        } finally {
            writer.unlock();
        }
        window.release(lost.size());
        lost.forEach(entry -> entry.failed(new StoreException(reason)));
    }

    private StoreException tooSlow() {
        return new StoreException(
                Reason.LOST_LEADERSHIP,
                Reason.LOST_LEADERSHIP.text() + " (the log did not advance for " + waitMillis / 1000 + " s)");
    }

    /** The future of one caller, completed off the threads that apply and that write. */
    private record Answer<R>(Executor executor, CompletableFuture<R> future) {

        Answer(Executor executor) {
            this(executor, new CompletableFuture<>());
        }

        void given(R result) {
            executor.execute(() -> future.complete(result));
        }

        CompletableFuture<R> refused(Throwable why) {
            executor.execute(() -> future.completeExceptionally(why));
            return future;
        }
    }
}
