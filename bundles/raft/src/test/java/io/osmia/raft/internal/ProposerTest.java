package io.osmia.raft.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import io.osmia.raft.RaftLimits;
import io.osmia.store.StoreException;
import io.osmia.store.StoreException.Reason;
import io.osmia.store.StoreMachine;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.osmia.LogEntry;
import io.osmia.wire.osmia.Transaction;
import io.osmia.wire.swarmkit.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The proposer over a log that commits when the test says so. */
class ProposerTest {

    private static final long TERM = 7;

    private final StoreMachine machine = new StoreMachine();
    private final List<PendingEntry> log = new CopyOnWriteArrayList<>();
    private long usable = 1L << 40;
    private CompletableFuture<Long> majority = CompletableFuture.completedFuture(TERM);
    private final Proposer proposer = new Proposer(
            machine,
            () -> Instant.EPOCH,
            new FreeSpace(() -> usable, System::nanoTime, 1L << 20),
            log::add,
            new Confirmations(() -> majority, term -> true),
            Runnable::run,
            RaftLimits.DEFAULT);

    ProposerTest() {
        proposer.lead(TERM);
    }

    private <R> CompletableFuture<R> submit(Function<Tx, R> body) {
        return proposer.submit(TERM, body, Runnable::run);
    }

    private static Function<Tx, String> creating(String id) {
        return tx -> tx.create(Table.NODES, Node.newBuilder().setId(id).build()).getId();
    }

    /** The next one is sent on a thread of its own. */
    private void awaitEntries(int count) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (log.size() < count && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(log).as("entries within 10 s").hasSizeGreaterThanOrEqualTo(count);
    }

    private void commitNext() {
        awaitEntries(1);
        PendingEntry entry = log.removeFirst();
        entry.entry().getTransactionsList().forEach(machine::apply);
        proposer.applied(entry);
    }

    @Test
    void anAnswerComesWithTheCommit() {
        CompletableFuture<String> answer = submit(creating("a"));
        assertThat(answer).isNotDone();
        assertThat(machine.committed().count(Table.NODES)).isZero();
        commitNext();
        assertThat(answer).isCompletedWithValue("a");
        assertThat(machine.committed().count(Table.NODES)).isEqualTo(1);
    }

    @Test
    void eachTransactionHasAnEntryAndAVersionOfItsOwn() {
        submit(creating("a"));
        submit(creating("b"));
        assertThat(log).extracting(e -> e.entry().getTransactionsCount()).containsExactly(1, 1);
        assertThat(log)
                .extracting(e -> e.entry().getTransactions(0).getVersion())
                .containsExactly(1L, 2L);
    }

    @Test
    void whatArrivesWhileEntriesAreInFlightSharesTheNextOne() {
        submit(creating("a"));
        submit(creating("b"));
        List<CompletableFuture<String>> packed =
                Stream.of("c", "d", "e").map(id -> submit(creating(id))).toList();
        assertThat(log).hasSize(Proposer.MOST_ENTRIES);
        commitNext();
        awaitEntries(2);
        assertThat(log.getLast().entry().getTransactionsList())
                .extracting(Transaction::getVersion)
                .containsExactly(3L, 4L, 5L);
        commitNext();
        assertThat(packed).noneMatch(CompletableFuture::isDone);
        commitNext();
        assertThat(packed).allMatch(CompletableFuture::isDone);
        assertThat(machine.committed().version()).isEqualTo(5);
    }

    /** Rule 1.2.3 holds for what is packed as it does for each. */
    @Test
    void noEntryIsGreaterThanTheGreatestTransaction() {
        submit(creating("a"));
        submit(creating("b"));
        String large = "x".repeat(600_000);
        for (int i = 0; i < 5; i++) {
            submit(creating(large + i));
        }
        List<Integer> packed = new ArrayList<>();
        int left = 7;
        while (left > 0) {
            awaitEntries(1);
            LogEntry entry = log.getFirst().entry();
            packed.add(entry.getTransactionsCount());
            left -= entry.getTransactionsCount();
            assertThat(entry.getSerializedSize()).isLessThan(StoreMachine.MAX_TRANSACTION_BYTES + 16);
            commitNext();
        }
        assertThat(packed).containsExactly(1, 1, 2, 2, 1);
    }

    @Test
    void bytesThatWaitAreBounded() throws InterruptedException {
        EntryLine line = new EntryLine(1, 100, 1_000);
        Transaction large = machine.propose(Instant.EPOCH, creating("x".repeat(600))).transaction();
        line.add(TERM, large);
        assertThat(line.hasRoom()).isTrue();
        line.add(TERM, large);
        assertThat(line.hasRoom()).isFalse();
        assertThat(line.awaitRoom(1)).isFalse();
        PendingEntry entry = line.next();
        assertThat(line.remove(entry)).isTrue();
        assertThat(line.awaitRoom(1)).isTrue();
    }

    @Test
    void aRefusalWaitsForTheStateThatItSaw() {
        submit(creating("a"));
        CompletableFuture<String> again = submit(creating("a"));
        assertThat(again).isNotDone();
        commitNext();
        assertThatThrownBy(again::join).hasRootCauseMessage("object already exists");
        assertThat(log).isEmpty();
    }

    @Test
    void aReadWaitsForTheStateThatItSaw() {
        CompletableFuture<Integer> before = submit(tx -> tx.count(Table.NODES));
        assertThat(before).isCompletedWithValue(0);
        submit(creating("a"));
        CompletableFuture<Integer> after = submit(tx -> tx.count(Table.NODES));
        assertThat(after).isNotDone();
        commitNext();
        assertThat(after).isCompletedWithValue(1);
    }

    @Test
    void whenAnEntryFailsAllBehindItDo() {
        CompletableFuture<String> first = submit(creating("a"));
        CompletableFuture<String> second = submit(creating("b"));
        CompletableFuture<String> third = submit(creating("c"));
        CompletableFuture<Integer> read = submit(tx -> tx.count(Table.NODES));
        CompletableFuture<String> refused = submit(creating("c"));
        commitNext();
        proposer.lose(Reason.LOST_LEADERSHIP);
        assertThat(first).isCompletedWithValue("a");
        for (CompletableFuture<?> unknown : List.of(second, third)) {
            assertThatThrownBy(unknown::join)
                    .hasRootCauseMessage(
                            "raft: failed to process the request: node lost leader status (outcome unknown:"
                                    + " the next leader may still commit it; look before trying again)");
        }
        for (CompletableFuture<?> lost : List.of(read, refused)) {
            assertThatThrownBy(lost::join)
                    .hasRootCauseMessage("raft: failed to process the request: node lost leader status");
        }
    }

    /** Rule 8.6.2. */
    @Test
    void whatNeverLeftIsToldFromWhatMayBeInTheLog() {
        List<CompletableFuture<String>> sent = new ArrayList<>();
        for (int i = 0; i < Proposer.MOST_ENTRIES; i++) {
            sent.add(submit(creating("sent" + i)));
        }
        CompletableFuture<String> kept = submit(creating("kept"));
        proposer.lose(Reason.LOST_LEADERSHIP);
        assertThat(sent).allSatisfy(one -> assertThat(one.exceptionNow())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OUTCOME_UNKNOWN)));
        assertThat(kept.exceptionNow())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LOST_LEADERSHIP));
    }

    @Test
    void nothingFollowsAnEntryThatNeverReachedTheLog() {
        List<Proposer> self = new ArrayList<>();
        Proposer refused = new Proposer(
                machine,
                () -> Instant.EPOCH,
                new FreeSpace(() -> usable, System::nanoTime, 1L << 20),
                entry -> {
                    if (log.isEmpty()) {
                        log.add(entry);
                    } else {
                        self.getFirst().notAppended(entry);
                    }
                },
                new Confirmations(() -> majority, term -> true),
                Runnable::run,
                RaftLimits.DEFAULT);
        self.add(refused);
        refused.lead(TERM);

        refused.submit(TERM, creating("a"), Runnable::run);
        CompletableFuture<String> lost = refused.submit(TERM, creating("b"), Runnable::run);
        log.clear();
        CompletableFuture<String> behind = refused.submit(TERM, creating("c"), Runnable::run);

        assertThat(log).as("what rests on b must not get in without it").isEmpty();
        assertThatThrownBy(behind::join)
                .hasRootCauseMessage("raft: failed to process the request: node lost leader status");
        assertThat(lost).as("decided by who leads next").isNotDone();
    }

    @Test
    void theNextLeadershipBeginsFromWhatIsCommitted() {
        submit(creating("a"));
        submit(creating("b"));
        commitNext();
        proposer.lose(Reason.LOST_LEADERSHIP);
        log.clear();
        proposer.lead(TERM + 1);
        CompletableFuture<String> again = proposer.submit(TERM + 1, creating("b"), Runnable::run);
        assertThat(log.getFirst().entry().getTransactions(0).getVersion()).isEqualTo(2);
        commitNext();
        assertThat(again).isCompletedWithValue("b");
    }

    @Test
    void anEntryThatWasGivenUpButIsCommittedAfterAllCounts() {
        CompletableFuture<String> answer = submit(creating("a"));
        proposer.lose(Reason.LOST_LEADERSHIP);
        assertThat(answer).isCompletedExceptionally();
        commitNext();
        proposer.lead(TERM + 1);
        assertThat(machine.tentative().count(Table.NODES)).isEqualTo(1);
    }

    @Test
    void anotherTermIsRefused() {
        CompletableFuture<String> answer = proposer.submit(TERM - 1, creating("a"), Runnable::run);
        assertThatThrownBy(answer::join)
                .hasRootCauseInstanceOf(StoreException.class)
                .hasRootCauseMessage("raft: failed to process the request: node lost leader status");
        assertThat(log).isEmpty();
    }

    @Test
    void aTransactionThatIsTooLargeDisturbsNobody() {
        CompletableFuture<String> before = submit(creating("a"));
        String huge = "x".repeat(1_600_000);
        CompletableFuture<String> answer = submit(creating(huge));
        CompletableFuture<String> after = submit(creating("b"));
        commitNext();
        commitNext();
        assertThat(before).isCompletedWithValue("a");
        assertThatThrownBy(answer::join).hasRootCauseMessage("raft: raft message is too large and can't be sent");
        assertThat(after).isCompletedWithValue("b");
    }

    @Test
    void withoutSpaceNothingIsProposed() {
        usable = 0;
        CompletableFuture<String> answer = submit(creating("a"));
        assertThatThrownBy(answer::join).hasRootCauseMessage(Reason.NO_SPACE.text());
        usable = 1L << 40;
        submit(creating("a"));
        assertThat(log).hasSize(1);
    }

    @Test
    void afterTheEndWritesSayThatTheStoreIsStopped() {
        CompletableFuture<String> pending = submit(creating("a"));
        proposer.lose(Reason.STOPPED);
        assertThatThrownBy(pending::join).hasRootCauseMessage(Reason.OUTCOME_UNKNOWN.text());
        assertThatThrownBy(submit(creating("b"))::join).hasRootCauseMessage("the store is stopped");
    }

    /** A leader that was cut off, or stopped for a while, does not know what its successor has committed (RAF, stale refusal). */
    @Test
    void whatChangesNothingIsAnsweredOnlyByWhoStillLeads() {
        majority = new CompletableFuture<>();
        CompletableFuture<String> refused = submit(tx -> {
            throw new IllegalArgumentException("there is none");
        });
        CompletableFuture<Integer> seen = submit(tx -> tx.count(Table.NODES));
        assertThat(refused).isNotDone();
        assertThat(seen).isNotDone();
        CompletableFuture<Long> first = majority;
        // Others know of a successor.
        majority = CompletableFuture.completedFuture(TERM + 1);
        first.complete(TERM);
        assertThat(refused.exceptionNow()).hasMessage("there is none");
        assertThat(seen.exceptionNow())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LOST_LEADERSHIP));
    }

    @Test
    void whoWaitsForTooLongIsToldSoAndTheEntryGoesOn() {
        RaftLimits hasty = new RaftLimits(10_000, 500, 0, Duration.ofSeconds(1), Duration.ofSeconds(1), 1_000);
        Proposer impatient = new Proposer(
                machine,
                () -> Instant.EPOCH,
                new FreeSpace(() -> usable, System::nanoTime, 1L << 20),
                log::add,
                new Confirmations(() -> majority, term -> true),
                Runnable::run,
                hasty);
        impatient.lead(TERM);
        CompletableFuture<String> answer = impatient.submit(TERM, creating("a"), Runnable::run);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            impatient.dismissLate();
            return answer.isDone();
        });
        assertThat(answer.exceptionNow())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OUTCOME_UNKNOWN));
        PendingEntry entry = log.removeFirst();
        entry.entry().getTransactionsList().forEach(machine::apply);
        impatient.applied(entry);
        CompletableFuture<String> next = impatient.submit(TERM, creating("b"), Runnable::run);
        impatient.dismissLate();
        assertThat(next).isNotDone();
    }
}
