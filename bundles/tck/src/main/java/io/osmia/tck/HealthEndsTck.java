package io.osmia.tck;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.HealthCheck;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What has a health check and ends by itself ends as what has none (rules 6.15.6 and 6.15.7). */
interface HealthEndsTck extends Suite {

    @Test
    default void whatIsWellAndEndsTellsItsCode() throws Exception {
        ExecutorTask task = well(Program.endsOnceChecked(3), Duration.ofMillis(500));
        TaskExit exit = Call.of(bench().started(task)::await).value(bench().patience());
        assertThat(exit.code()).hasValue(3);
        assertThat(exit.message()).doesNotContain(TaskExit.UNHEALTHY);
        assertThat(bench().executor().recover(bench().handle(task))).isEqualTo(new Recovery.Exited(exit));
        bench().swap();
        assertThat(bench().controller(task).await()).isEqualTo(exit);
    }

    @Test
    default void whatIsWellAndIsStoppedTellsItsCode() throws Exception {
        ExecutorTask task = Bench.patient(well(Program.runsFor(600, 0), Duration.ofMillis(500)));
        TaskController controller = bench().started(task);
        controller.shutdown();
        TaskExit exit = controller.await();
        assertThat(exit.code()).hasValue(143);
        assertThat(exit.message()).doesNotContain(TaskExit.UNHEALTHY);
    }

    @Test
    default void whatSucceedsBeforeItsFirstCheckHasSucceeded() throws Exception {
        ExecutorTask task = well(Program.runsFor(1, 0), Duration.ofSeconds(60));
        TaskController controller = bench().prepared(task);
        Call.of((Call.Verb) controller::start).value(bench().patience());
        assertThat(controller.await().code()).hasValue(0);
    }

    @Test
    default void whatFailsBeforeItsFirstCheckSaysHow() throws Exception {
        ExecutorTask task = well(Program.runsFor(1, 3), Duration.ofSeconds(60));
        TaskController controller = bench().prepared(task);
        Throwable failure = Call.of((Call.Verb) controller::start).failure(bench().patience());
        assertThat(failure).isInstanceOfSatisfying(
                ExecutorException.class, e -> assertThat(e.temporary()).as(e.getMessage()).isFalse());
        assertThat(failure).hasMessageContaining("3").message().doesNotContain(TaskExit.UNHEALTHY);
        assertThat(controller.await().code()).hasValue(3);
    }

    private ExecutorTask well(Program program, Duration interval) {
        bench().need(Feature.HEALTH);
        ExecutorTask task = bench().task(program);
        HealthCheck check = new HealthCheck(
                FakeProgram.SUCCEEDS, interval, Duration.ofSeconds(10), 3, Duration.ZERO, Duration.ZERO);
        return task.with(task.workload().toBuilder().healthCheck(check).build());
    }
}
