package io.osmia.agent.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.executor.ExecutorException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A machine that has no thread left. */
class LaneTest {

    private final AtomicInteger over = new AtomicInteger();

    private Call<String> call() {
        return new Call<>("start of task t", () -> "done", over::incrementAndGet);
    }

    private static Thread unstartable(Runnable run) {
        return new Thread(run) {
            @Override
            public void start() {
                throw noThread();
            }
        };
    }

    private static OutOfMemoryError noThread() {
        return new OutOfMemoryError("unable to create native thread");
    }

    private void assertFailed(Call<String> call) {
        assertThat(call.returned()).isTrue();
        assertThat(over).hasValue(1);
        assertThatThrownBy(() -> Wishes.outcome(call))
                .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isTrue())
                .hasMessageContaining("cannot start a thread")
                .hasMessageContaining("TasksMax");
    }

    @Test
    void aCallWithoutAThreadHasFailedAndTheNextOneIsTried() throws Exception {
        AtomicInteger made = new AtomicInteger();
        Lane lane = new Lane(run -> {
            if (made.incrementAndGet() == 1) {
                throw noThread();
            }
            return new Thread(run);
        });
        Call<String> first = call();
        lane.run(first);
        assertFailed(first);
        Call<String> second = call();
        lane.run(second);
        assertThat(second.await(TimeUnit.SECONDS.toNanos(10))).isTrue();
        assertThat(second.result()).isEqualTo("done");
        lane.close();
    }

    @Test
    void aCallOnAThreadOfItsOwnThatCannotBeStartedHasFailed() {
        Call<String> call = call();
        Lane.start(unstartable(call), call);
        assertFailed(call);
    }
}
