package io.osmia.raft.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.raft.MemoryKeys;
import io.osmia.raft.MissingKey;
import io.osmia.raft.RaftLimits;
import io.osmia.raft.internal.seal.Sealer;
import io.osmia.store.StoreMachine;
import io.osmia.store.Table;
import io.osmia.wire.osmia.LogEntry;
import io.osmia.wire.osmia.Transaction;
import io.osmia.wire.swarmkit.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.statemachine.TransactionContext;
import org.junit.jupiter.api.Test;

/** What Ratis does not tell of its end, and the machine does. */
class ReplicatedMachineTest {

    private final StoreMachine store = new StoreMachine();
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<PendingEntry> applied = new ArrayList<>();

    private ReplicatedMachine machine(MemoryKeys keys, Consumer<PendingEntry> told) {
        Sealer sealer = new Sealer("cluster1", keys, MissingKey.NOBODY);
        FreeSpace space = new FreeSpace(() -> 1L << 40, System::nanoTime, 0);
        return new ReplicatedMachine(
                store,
                new SnapshotTaker(store, sealer, space, RaftLimits.DEFAULT, index -> {}),
                new Progress(store),
                new StateChecks(1_000, () -> false, () -> {}),
                told,
                Event.of(1, events));
    }

    private static TransactionContext context(ReplicatedMachine machine, PendingEntry own) {
        return TransactionContext.newBuilder()
                .setStateMachine(machine)
                .setLogEntry(LogEntryProto.newBuilder()
                        .setTerm(1)
                        .setIndex(1)
                        .setStateMachineLogEntry(StateMachineLogEntryProto.getDefaultInstance())
                        .build())
                .build()
                .setStateMachineContext(own);
    }

    private Transaction creating(String id) {
        return store.propose(
                Instant.EPOCH,
                tx -> tx.create(Table.NODES, Node.newBuilder().setId(id).build()))
                .transaction();
    }

    private static PendingEntry entry(Transaction transaction) {
        return PendingEntry.of(1, LogEntry.newBuilder().addTransactions(transaction).build());
    }

    private void assertFailureIsTold() {
        assertThat(events).singleElement().isInstanceOf(Event.LogFailed.class);
    }

    @Test
    void anOwnEntryIsTold() {
        ReplicatedMachine machine = machine(MemoryKeys.first(), applied::add);
        PendingEntry own = entry(creating("a"));
        machine.applyTransaction(context(machine, own));
        assertThat(applied).containsExactly(own);
        assertThat(events).isEmpty();
    }

    /** What comes to nothing must not be acknowledged. */
    @Test
    void anOwnEntryWithAVersionThatWasTakenFails() {
        Transaction transaction = creating("a");
        store.abort();
        Transaction same = creating("b");
        assertThat(same.getVersion()).isEqualTo(transaction.getVersion());
        store.apply(transaction);
        ReplicatedMachine machine = machine(MemoryKeys.first(), applied::add);
        assertThatThrownBy(() -> machine.applyTransaction(context(machine, entry(same))))
                .hasRootCauseMessage("own entry 1 has versions of others");
        assertThat(applied).isEmpty();
        assertFailureIsTold();
    }

    @Test
    void anErrorWhileApplyingIsTold() {
        ReplicatedMachine machine = machine(MemoryKeys.first(), own -> {
            throw new OutOfMemoryError("of a test");
        });
        TransactionContext context = context(machine, entry(creating("a")));
        assertThatThrownBy(() -> machine.applyTransaction(context)).hasRootCauseMessage("of a test");
        assertFailureIsTold();
    }

    @Test
    void aSnapshotThatWasSentAndCannotBeLoadedIsTold() {
        ReplicatedMachine machine = machine(
                new MemoryKeys(1) {
                    @Override
                    public SortedSet<Integer> versions() {
                        throw new IllegalStateException("of a test");
                    }
                },
                applied::add);
        assertThatThrownBy(machine::reinitialize).hasMessage("of a test");
        assertFailureIsTold();
    }
}
