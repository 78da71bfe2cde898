package io.osmia.tck;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Health;
import io.osmia.api.executor.HealthCheck;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Health checks hold up a start, and end what becomes unwell (rule 6.15.6). */
interface HealthTck extends Suite {

    @Test
    default void startReturnsOnceTheWorkloadIsWell() throws Exception {
        ExecutorTask task = checked(Program.isWell(2, 600), 60);
        TaskController controller = bench().prepared(task);
        long before = System.nanoTime();
        controller.start();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(1500));
        assertThat(controller.status().health()).isEqualTo(Health.HEALTHY);
        assertThat(bench().executor().recover(bench().handle(task))).isEqualTo(new Recovery.Running());
    }

    @Test
    default void aStartThatWaitsForHealthGoesOnWithTheNext() throws Exception {
        ExecutorTask task = checked(Program.isWell(6, 600), 60);
        TaskController controller = bench().prepared(task);
        Call<Boolean> start = Call.of((Call.Verb) controller::start);
        Deadline.until(bench().patience(), "it runs and is not well",
                () -> bench().executor().recover(bench().handle(task)),
                new Recovery.Starting()::equals);
        start.interrupt().endsCancelledOrDone(Bench.AT_ONCE);
        bench().swap();
        assertThat(bench().executor().recover(bench().handle(task))).isEqualTo(new Recovery.Starting());
        TaskController next = bench().controller(task);
        next.start();
        assertThat(next.status().health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    default void aStartOfWhatIsUnwellFailsAndStopsIt() throws Exception {
        ExecutorTask task = checked(Program.isWell(600, 0), 1);
        TaskController controller = bench().prepared(task);
        Throwable failure = Call.of((Call.Verb) controller::start).failure(bench().patience());
        assertThat(failure).isInstanceOf(ExecutorException.class).hasMessageContaining(TaskExit.UNHEALTHY);
        assertThat(((ExecutorException) failure).temporary()).isFalse();
        Deadline.until(bench().patience(), "it is stopped", () -> bench().executor().recover(bench().handle(task)),
                recovery -> recovery instanceof Recovery.Exited);
    }

    @Test
    default void whatBecomesUnwellEnds() throws Exception {
        ExecutorTask task = checked(Program.isWell(0, 2), 3);
        TaskExit exit = Call.of(bench().started(task)::await).value(bench().patience());
        assertThat(exit.message()).contains(TaskExit.UNHEALTHY);
        assertThat(exit.code()).isEmpty();
        Deadline.until(bench().patience(), "it is stopped", () -> bench().executor().recover(bench().handle(task)),
                recovery -> recovery instanceof Recovery.Exited);
    }

    private ExecutorTask checked(Program program, int retries) {
        bench().need(Feature.HEALTH);
        ExecutorTask task = bench().task(program);
        HealthCheck check = new HealthCheck(
                List.of("CMD-SHELL", "test -f tck-well && : >tck-checked"),
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                retries,
                Duration.ZERO,
                Duration.ZERO);
        return task.with(task.workload().toBuilder().healthCheck(check).build());
    }
}
