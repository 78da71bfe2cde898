package io.osmia.store;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Readers beside a writer see whole transactions and nothing between. */
class ConcurrentReadersTest {

    private static final int TASKS = 50;
    private static final int ROUNDS = 300;
    private static final int READERS = 3;

    private final LocalStore store = new LocalStore(() -> Instant.EPOCH);

    @Test
    void aViewIsOneStateHoweverLongItIsRead() throws InterruptedException, ExecutionException, TimeoutException {
        write(TaskState.NEW);
        CountDownLatch done = new CountDownLatch(1);
        try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            List<Future<Long>> reads = IntStream.range(0, READERS)
                    .mapToObj(i -> readers.submit(() -> readUntil(done)))
                    .toList();
            for (int round = 0; round < ROUNDS; round++) {
                write(round % 2 == 0 ? TaskState.RUNNING : TaskState.FAILED);
            }
            done.countDown();
            for (Future<Long> read : reads) {
                assertThat(read.get(30, TimeUnit.SECONDS)).isPositive();
            }
        }
    }

    /** All tasks change state in each transaction, so in each state of the store they are all in one. */
    private void write(TaskState state) {
        store.update(1, tx -> {
            for (int i = 0; i < TASKS; i++) {
                String id = "t" + i;
                Task former = tx.get(Table.TASKS, id);
                if (former == null) {
                    tx.create(Table.TASKS, Samples.task(id, "s1", i, "n1"));
                } else {
                    tx.update(Table.TASKS, former.toBuilder().setDesiredState(state).build());
                }
            }
            return 0;
        });
    }

    private long readUntil(CountDownLatch done) {
        long reads = 0;
        long newest = 0;
        do {
            View view = store.view();
            assertThat(view.version()).isGreaterThanOrEqualTo(newest);
            newest = view.version();
            List<Task> tasks = view.find(Table.TASKS, By.ALL);
            TaskState state = tasks.getFirst().getDesiredState();
            assertThat(tasks).hasSize(TASKS).allMatch(task -> task.getDesiredState() == state);
            assertThat(view.find(Table.TASKS, By.desired(state))).hasSize(TASKS);
            reads++;
        } while (done.getCount() > 0);
        return reads;
    }
}
