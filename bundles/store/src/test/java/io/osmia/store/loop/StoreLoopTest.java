package io.osmia.store.loop;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.Commit;
import io.osmia.store.LocalStore;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A reactor on a thread of its own. */
class StoreLoopTest {

    private static final Instant START = Instant.ofEpochSecond(1_000_000);

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final LocalStore store = new LocalStore(now::get);
    private final Recorder recorder = new Recorder();
    private final StoreLoop loop = new StoreLoop("test loop", store, now::get, recorder);

    @AfterEach
    void close() {
        loop.close();
    }

    /** Writes down what is called. */
    private static final class Recorder implements Reactor {

        private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
        private volatile @Nullable Instant deadline;
        private volatile @Nullable Instant following;
        private volatile long failAt = -1;

        @Override
        public void start(View view, Instant now) {
            calls.add("start " + view.version());
        }

        @Override
        public void commit(Commit commit, Instant now) {
            if (commit.version() == failAt) {
                throw new IllegalStateException("as the test wants");
            }
            calls.add("commit " + commit.version() + " on " + Thread.currentThread().getName());
        }

        @Override
        public void tick(Instant now) {
            calls.add("tick");
            deadline = following;
            following = null;
        }

        @Override
        public @Nullable Instant deadline() {
            return deadline;
        }

        /** The next call that is as expected; what comes before is passed over. */
        String next(Predicate<String> expected) throws InterruptedException {
            while (true) {
                String call = calls.poll(20, TimeUnit.SECONDS);
                assertThat(call).as("a call that fits within 20 s").isNotNull();
                if (expected.test(call)) {
                    return call;
                }
            }
        }
    }

    private void commit(String id) {
        store.update(
                1, tx -> tx.create(Table.TASKS, Task.newBuilder().setId(id).build()));
    }

    @Test
    void aLoopStartsTicksAndFollowsTheStore() throws InterruptedException {
        loop.start();
        commit("t1");
        commit("t2");

        assertThat(recorder.next(call -> true)).isEqualTo("start 0");
        assertThat(recorder.next(call -> true)).isEqualTo("tick");
        assertThat(recorder.next(call -> !call.equals("tick"))).isEqualTo("commit 1 on test loop");
        assertThat(recorder.next(call -> !call.equals("tick"))).isEqualTo("commit 2 on test loop");
        assertThat(recorder.next(call -> true)).isEqualTo("tick");
    }

    @Test
    void aPostedMessageRunsOnTheLoopBeforeATick() throws InterruptedException {
        loop.start();
        recorder.next("tick"::equals);

        loop.post(() -> recorder.calls.add("posted on " + Thread.currentThread().getName()));

        assertThat(recorder.next(call -> call.startsWith("posted"))).isEqualTo("posted on test loop");
        assertThat(recorder.next(call -> true)).isEqualTo("tick");
    }

    @Test
    void aDeadlineIsATick() throws InterruptedException {
        loop.start();
        recorder.next("tick"::equals);

        loop.post(() -> {
            recorder.following = START.plusMillis(20);
            recorder.calls.add("posted");
        });

        recorder.next("posted"::equals);
        assertThat(recorder.next(call -> true)).as("after the message").isEqualTo("tick");
        assertThat(recorder.next(call -> true)).as("at the deadline").isEqualTo("tick");
    }

    @Test
    void aReactorThatFailsBeginsAnewFromTheCommittedState() throws InterruptedException {
        recorder.failAt = 1;
        loop.start();
        commit("t1");

        assertThat(recorder.next(call -> call.equals("start 1"))).isEqualTo("start 1");
        commit("t2");
        assertThat(recorder.next(call -> call.startsWith("commit"))).isEqualTo("commit 2 on test loop");
    }

    @Test
    void aReactorThatFailedActsAtOnceWhenItBeginsAnew() throws InterruptedException {
        recorder.failAt = 1;
        loop.start();
        commit("t1");

        recorder.next("start 1"::equals);
        assertThat(recorder.next(call -> true)).as("without waiting for a commit or a deadline").isEqualTo("tick");
    }

    @Test
    void anErrorOfTheMachineDoesNotEndTheLoop() throws InterruptedException {
        loop.start();
        recorder.next("tick"::equals);

        loop.post(() -> {
            throw new StackOverflowError("as the test wants");
        });

        assertThat(recorder.next(call -> call.startsWith("start"))).isEqualTo("start 0");
        commit("t1");
        assertThat(recorder.next(call -> call.startsWith("commit"))).isEqualTo("commit 1 on test loop");
    }

    @Test
    void aClosedLoopHearsNothingMore() throws InterruptedException {
        loop.start();
        recorder.next("tick"::equals);
        loop.close();
        recorder.calls.clear();

        commit("t1");

        assertThat(recorder.calls.poll(Duration.ofMillis(50).toMillis(), TimeUnit.MILLISECONDS)).isNull();
    }
}
