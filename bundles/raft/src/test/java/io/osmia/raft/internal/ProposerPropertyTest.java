package io.osmia.raft.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.raft.RaftLimits;
import io.osmia.store.By;
import io.osmia.store.StoreException;
import io.osmia.store.StoreException.Reason;
import io.osmia.store.StoreMachine;
import io.osmia.store.Table;
import io.osmia.wire.osmia.Transaction;
import io.osmia.wire.swarmkit.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Whatever comes in whichever order: an answer says what the committed state says. */
class ProposerPropertyTest {

    private static final int NAMES = 12;

    /** A log whose entries are committed when the test says so, and lost with the leadership. */
    private static final class Rig {

        final StoreMachine machine = new StoreMachine();
        final LinkedBlockingQueue<PendingEntry> log = new LinkedBlockingQueue<>();
        final Proposer proposer = new Proposer(
                machine,
                () -> Instant.EPOCH,
                new FreeSpace(() -> 1L << 40, System::nanoTime, 1L << 20),
                log::add,
                new Confirmations(() -> CompletableFuture.completedFuture(null), term -> true),
                Runnable::run,
                RaftLimits.DEFAULT);
        long version;

        void commit(PendingEntry entry) {
            for (Transaction transaction : entry.entry().getTransactionsList()) {
                assertThat(transaction.getVersion()).as("versions grow").isEqualTo(++version);
                machine.apply(transaction);
            }
            proposer.applied(entry);
        }
    }

    /** What was asked, and the future answer. */
    private record Asked(String id, CompletableFuture<String> answer) {}

    @Property(tries = 300)
    void whatIsAnsweredIsCommittedAndWhatIsRefusedIsNot(@ForAll long seed) throws InterruptedException {
        Random random = new Random(seed);
        Rig rig = new Rig();
        long term = 1;
        rig.proposer.lead(term);
        List<Asked> asked = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            int what = random.nextInt(20);
            if (what < 13) {
                String id = "n" + random.nextInt(NAMES);
                asked.add(new Asked(id, rig.proposer.submit(
                        term, tx -> tx.create(Table.NODES, Node.newBuilder().setId(id).build()).getId(),
                        Runnable::run)));
            } else if (what < 19) {
                PendingEntry entry = rig.log.poll();
                if (entry != null) {
                    rig.commit(entry);
                }
            } else {
                rig.proposer.lose(Reason.LOST_LEADERSHIP);
                rig.log.clear();
                rig.proposer.lead(++term);
            }
        }
        while (rig.machine.pending() > 0) {
            PendingEntry entry = rig.log.poll(10, TimeUnit.SECONDS);
            assertThat(entry).as("the next entry within 10 s").isNotNull();
            rig.commit(entry);
        }
        check(rig, asked);
    }

    private static void check(Rig rig, List<Asked> asked) {
        TreeSet<String> created = new TreeSet<>();
        for (Asked one : asked) {
            assertThat(one.answer).as("every caller has an answer").isDone();
            if (!one.answer.isCompletedExceptionally()) {
                assertThat(created.add(one.id)).as("created twice: " + one.id).isTrue();
            } else if (one.answer.exceptionNow() instanceof StoreException e && e.reason() == Reason.EXISTS) {
                assertThat(created).as("refused because of what is committed").contains(one.id);
            }
        }
        assertThat(rig.machine.committed().find(Table.NODES, By.ALL))
                .extracting(Node::getId)
                .containsExactlyInAnyOrderElementsOf(created);
    }

    @Test
    void manyWritersShareEntriesAndEachHasItsOwnVersion() throws InterruptedException {
        Rig rig = new Rig();
        rig.proposer.lead(1);
        AtomicBoolean over = new AtomicBoolean();
        ArrayDeque<Integer> sizes = new ArrayDeque<>();
        Thread committer = Thread.ofPlatform().start(() -> {
            while (!over.get() || rig.machine.pending() > 0) {
                PendingEntry entry = poll(rig.log);
                if (entry != null) {
                    sizes.add(entry.transactions());
                    rig.commit(entry);
                }
            }
        });
        ConcurrentHashMap<Long, String> versions = new ConcurrentHashMap<>();
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < 16; w++) {
            String prefix = "w" + w + "-";
            writers.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 200; i++) {
                    Node node = Node.newBuilder().setId(prefix + i).build();
                    Node stored = rig.proposer.submit(1, tx -> tx.create(Table.NODES, node), Runnable::run)
                            .join();
                    versions.put(stored.getMeta().getVersion().getIndex(), stored.getId());
                }
            }));
        }
        for (Thread writer : writers) {
            assertThat(writer.join(Duration.ofSeconds(30))).as("a writer is done within 30 s").isTrue();
        }
        over.set(true);
        assertThat(committer.join(Duration.ofSeconds(30))).isTrue();
        assertThat(versions).hasSize(16 * 200);
        assertThat(rig.machine.committed().count(Table.NODES)).isEqualTo(16 * 200);
        assertThat(sizes.stream().mapToInt(Integer::intValue).max()).as("shared entries")
                .matches(max -> max.orElse(0) > 1);
    }

    private static PendingEntry poll(LinkedBlockingQueue<PendingEntry> log) {
        try {
            return log.poll(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
