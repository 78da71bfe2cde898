package io.osmia.raft.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import io.osmia.raft.MemoryKeys;
import io.osmia.raft.RaftConfig;
import io.osmia.raft.RaftIdentity;
import io.osmia.raft.RaftLimits;
import io.osmia.roles.LogKeys;
import io.osmia.store.StoreMachine;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Node;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.util.CodeInjectionForTesting;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keeper over a Ratis that goes astray. */
class KeeperTest {

    private static final int SECONDS = 60;
    private static final String APPENDING = "RaftServerImpl.appendTransaction";
    private static final String STARTING = "RaftServerImpl.startComplete";

    @TempDir
    Path directory;

    private final Notifier notifier = new Notifier();
    private final List<OptionalLong> told = new CopyOnWriteArrayList<>();

    private Keeper keeper(LogKeys keys, Duration closeTimeout) {
        RaftLimits limits =
                new RaftLimits(10_000, 500, 0, Duration.ofSeconds(SECONDS), closeTimeout, 1_000);
        RaftIdentity identity = new RaftIdentity("cluster1", 0x5eed, "node1");
        RaftConfig config = new RaftConfig(directory, identity, "127.0.0.1:4242", true, () -> Instant.EPOCH, limits);
        return new Keeper(config.withLogKeys(keys), new StoreMachine(), notifier);
    }

    private Keeper keeper() {
        return keeper(MemoryKeys.first(), Duration.ofSeconds(SECONDS));
    }

    @BeforeEach
    void listen() {
        notifier.onLeadership(told::add);
    }

    /** The next term that is led; from then on writes are taken. */
    private long ledAfter(long before) {
        soon().until(() -> !told.isEmpty() && told.getLast().orElse(0) > before);
        return told.getLast().orElseThrow();
    }

    @AfterEach
    void removeWhatWasInjected() {
        CodeInjectionForTesting.remove(APPENDING);
        CodeInjectionForTesting.remove(STARTING);
        notifier.close(Duration.ofSeconds(SECONDS));
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(SECONDS)).pollInterval(Duration.ofMillis(5));
    }

    private static long term(Keeper keeper) throws Exception {
        RatisServer server = keeper.server();
        return server == null ? 0 : server.term();
    }

    private static boolean ratisLeads(Keeper keeper) {
        RatisServer server = keeper.server();
        return server != null && server.members().leads();
    }

    private static CompletableFuture<String> creating(Keeper keeper, long term, String id) {
        return keeper.proposer()
                .submit(
                        term,
                        tx -> tx.create(Table.NODES, Node.newBuilder().setId(id).build()).getId(),
                        Runnable::run);
    }

    /** Ratis fails the next append in this way. */
    private static void failNextAppend(RuntimeException how) {
        AtomicBoolean failed = new AtomicBoolean();
        CodeInjectionForTesting.put(APPENDING, (local, remote, arguments) -> {
            if (failed.compareAndSet(false, true)) {
                throw how;
            }
            return false;
        });
    }

    private static void stepDown(Keeper keeper) throws Exception {
        RatisServer server = keeper.server();
        assertThat(server).isNotNull();
        long before = server.term();
        server.members().transfer(null, 20_000).get(SECONDS, TimeUnit.SECONDS);
        soon().until(() -> term(keeper) > before && ratisLeads(keeper));
    }

    /** The keeper waits for the writer, which is held, while Ratis is elected twice; then it hears of all that at once. */
    @Test
    void whatIsToldLateOfAFormerTermDoesNotEndTheOneInForce() throws Exception {
        Keeper keeper = keeper();
        keeper.start();
        long first = ledAfter(0);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Thread.ofVirtual()
                .start(() -> keeper.proposer()
                        .submit(
                                first,
                                tx -> {
                                    held.countDown();
                                    return awaited(released);
                                },
                                Runnable::run));
        assertThat(held.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        stepDown(keeper);
        stepDown(keeper);
        released.countDown();
        long third = ledAfter(first + 1);
        keeper.close();
        notifier.close(Duration.ofSeconds(SECONDS));
        OptionalLong nobody = OptionalLong.empty();
        assertThat(told).containsExactly(nobody, OptionalLong.of(first), nobody, OptionalLong.of(third), nobody);
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As when Ratis began to move its leadership, gave up, and forgot that it had begun. */
    @Test
    void aLeaderThatRefusesWritesAndStaysIsElectedAnew() throws Exception {
        Keeper keeper = keeper();
        keeper.start();
        long first = ledAfter(0);
        failNextAppend(new CompletionException(new LeaderSteppingDownException("of a test")));
        CompletableFuture<String> refused = creating(keeper, first, "a");
        soon().until(refused::isDone);
        assertThat(refused).isCompletedExceptionally();
        long next = ledAfter(first);
        assertThat(creating(keeper, next, "b").get(SECONDS, TimeUnit.SECONDS)).isEqualTo("b");
        keeper.close();
    }

    @Test
    void aRatisThatEndsWithoutAWordIsOpenedAnew() throws Exception {
        AtomicBoolean failed = new AtomicBoolean();
        Keeper keeper = keeper(
                new MemoryKeys(1) {
                    @Override
                    public int current() {
                        if (Thread.currentThread().getName().contains("StateMachineUpdater")
                                && failed.compareAndSet(false, true)) {
                            throw new IllegalStateException("of a test");
                        }
                        return super.current();
                    }
                },
                Duration.ofSeconds(SECONDS));
        keeper.start();
        RatisServer first = keeper.server();
        soon().until(failed::get);
        soon().until(() -> keeper.server() != null && keeper.server() != first);
        assertThat(creating(keeper, ledAfter(1), "a").get(SECONDS, TimeUnit.SECONDS))
                .isEqualTo("a");
        keeper.close();
    }

    @Test
    void anOpeningThatTakesLongerThanClosingMayIsClosedBehindIt() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Keeper keeper = keeper(MemoryKeys.first(), Duration.ofMillis(200));
        keeper.start();
        long term = ledAfter(0);
        CodeInjectionForTesting.put(STARTING, (local, remote, arguments) -> {
            opening.countDown();
            return awaited(released);
        });
        failNextAppend(new IllegalStateException("of a test"));
        CompletableFuture<String> failed = creating(keeper, term, "a");
        assertThat(opening.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(failed).isCompletedExceptionally();
        keeper.close();
        released.countDown();
        soon().ignoreExceptions().until(this::opensAgain);
    }

    /** Only when the folder was let go of. */
    private boolean opensAgain() {
        Keeper again = keeper();
        again.start();
        again.close();
        return true;
    }
}
