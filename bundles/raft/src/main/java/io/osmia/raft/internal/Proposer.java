package io.osmia.raft.internal;

import io.osmia.raft.RaftLimits;
import io.osmia.roles.Clock;
import io.osmia.store.Proposal;
import io.osmia.store.StoreException;
import io.osmia.store.StoreException.Reason;
import io.osmia.store.StoreMachine;
import io.osmia.store.Tx;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of rule 1.2.2: validates transactions in order against the tentative head and puts them into the log. While
 * {@link #MOST_ENTRIES} entries are in flight, those that arrive share the next one (group commit).
 *
 * <p>An answer that rests on the tentative head, a refusal too, is given only when that head is committed; and one that changes
 * nothing and has no entry to wait for, only when this manager is confirmed to lead still. When an entry fails, all behind it
 * do: they were validated against it.
 */
final class Proposer {

    /** Transactions between here and their commit; who comes then waits. */
    static final int MOST_IN_FLIGHT = 4096;

    /** Bytes of these. */
    static final long MOST_BYTES = 32L << 20;

    /** Entries in the log and not yet applied: while one is synced the next ones are validated, packed and sent. */
    static final int MOST_ENTRIES = 2;

    private static final long NOBODY = 0;

    private final StoreMachine machine;
    private final Clock clock;
    private final FreeSpace space;
    private final EntryLog log;
    private final Confirmations confirmations;
    private final Executor senders;
    private final long waitMillis;
    private final EntryLine line = new EntryLine(MOST_ENTRIES, MOST_IN_FLIGHT, MOST_BYTES);
    private final ReentrantLock writer = new ReentrantLock();
    private final AtomicInteger sendings = new AtomicInteger();

    /** The newest term in which an entry failed: those behind it rest on it and must not get into the log without it. */
    private final AtomicLong broken = new AtomicLong(NOBODY);

    /* Guarded by writer. */
    private long leading = NOBODY;
    private Reason refusal = Reason.LOST_LEADERSHIP;

    /** @param senders runs what appends: an interrupt there would end Ratis's log, so not those of the callers */
    Proposer(
            StoreMachine machine,
            Clock clock,
            FreeSpace space,
            EntryLog log,
            Confirmations confirmations,
            Executor senders,
            RaftLimits limits) {
        this.machine = machine;
        this.clock = clock;
        this.space = space;
        this.log = log;
        this.confirmations = confirmations;
        this.senders = senders;
        this.waitMillis = limits.writeTimeout().toMillis();
    }

    /** @param answers runs what depends on the answer */
    <R> CompletableFuture<R> submit(long term, Function<Tx, R> body, Executor answers) {
        Answer<R> answer = new Answer<>(answers);
        if (space.low()) {
            return answer.refused(new StoreException(Reason.NO_SPACE));
        }
        try {
            if (!awaitTurn()) {
                return answer.refused(tooSlow());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return answer.refused(new StoreException(
                    Reason.LOST_LEADERSHIP, Reason.LOST_LEADERSHIP.text() + " (interrupted while waiting)"));
        }
        try {
            if (leading == NOBODY || leading != term || broken.get() == term) {
                return answer.refused(new StoreException(refusal));
            }
            propose(body, answer);
        } finally {
            writer.unlock();
        }
        send();
        return answer.future();
    }

    /** Takes the writer's lock when there is room; not while waiting for it, since who frees it may need the lock. */
    private boolean awaitTurn() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        while (line.awaitRoom(end - System.nanoTime())
                && writer.tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            if (line.hasRoom()) {
                return true;
            }
            writer.unlock();
        }
        return false;
    }

    private <R> void propose(Function<Tx, R> body, Answer<R> answer) {
        Proposal<R> proposal;
        try {
            proposal = machine.propose(clock.now(), body);
        } catch (RuntimeException refused) {
            answerAfter(line.last(), answer, () -> answer.refused(refused));
            return;
        }
        Runnable give = () -> answer.given(proposal.result());
        if (proposal.changes()) {
            space.written(proposal.transaction().getSerializedSize());
            line.add(leading, proposal.transaction()).whenSettled(answer.or(give));
        } else {
            answerAfter(line.last(), answer, give);
        }
    }

    /** Appends what may be. By one thread at a time, which looks again for those that came meanwhile: nobody waits. */
    private void send() {
        if (sendings.getAndIncrement() == 0) {
            senders.execute(this::sendAll);
        }
    }

    private void sendAll() {
        int seen;
        do {
            seen = sendings.get();
            for (PendingEntry next = line.next(); next != null; next = line.next()) {
                if (next.term() != broken.get()) {
                    log.append(next);
                }
            }
        } while (sendings.addAndGet(-seen) != 0);
    }

    /** For what changes nothing, of which there is no doubt whether it came to pass. */
    private void answerAfter(@Nullable PendingEntry entry, Answer<?> answer, Runnable give) {
        Consumer<@Nullable StoreException> settled = answer.or(give);
        if (entry == null) {
            confirmations
                    .leading(leading)
                    .orTimeout(waitMillis, TimeUnit.MILLISECONDS)
                    .whenComplete((confirmed, failure) -> settled
                            .accept(failure == null ? null : new StoreException(Reason.LOST_LEADERSHIP)));
        } else {
            entry.whenSettled(failure -> settled.accept(
                    failure == null || failure.reason() != Reason.OUTCOME_UNKNOWN
                            ? failure
                            : new StoreException(Reason.LOST_LEADERSHIP)));
        }
    }

    /** The entry is committed and applied; called on the thread that applies, in order. */
    void applied(PendingEntry entry) {
        if (line.remove(entry)) {
            if (line.waiting()) {
                send();
            }
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

    /** An entry failed, or may have: none that was validated on top of it follows it into the log. On any thread. */
    void notAppended(PendingEntry entry) {
        broken.accumulateAndGet(entry.term(), Math::max);
    }

    /**
     * Fails what is on its way and refuses what comes, until the next {@link #lead} (rule 8.6.2). Whether what is in flight is
     * committed, whoever leads next decides.
     *
     * @param reason of what never left
     */
    void lose(Reason reason) {
        List<PendingEntry> lost;
        writer.lock();
        try {
            leading = NOBODY;
            refusal = reason;
            lost = line.clear();
        } finally {
            writer.unlock();
        }
        lost.forEach(entry -> entry.failed(new StoreException(entry.left() ? Reason.OUTCOME_UNKNOWN : reason)));
    }

    /**
     * Answers those that have waited for their commit for too long; it may still come. To be called now and then: a timer for
     * each write would cost it two more changes of threads.
     */
    void dismissLate() {
        for (PendingEntry late : line.olderThan(TimeUnit.MILLISECONDS.toNanos(waitMillis))) {
            late.dismiss(new StoreException(
                    Reason.OUTCOME_UNKNOWN,
                    Reason.OUTCOME_UNKNOWN.text() + " (not committed within " + waitMillis / 1000 + " s)"));
        }
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

        /** Gives the answer, or tells why there is none. */
        Consumer<@Nullable StoreException> or(Runnable give) {
            return failure -> {
                if (failure == null) {
                    give.run();
                } else {
                    refused(failure);
                }
            };
        }

        CompletableFuture<R> refused(Throwable why) {
            executor.execute(() -> future.completeExceptionally(why));
            return future;
        }
    }
}
