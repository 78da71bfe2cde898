package io.osmia.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskController.Status;
import io.osmia.api.executor.TaskExit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The seven verbs, each of them twice. */
interface VerbsTck extends Suite {

    @Test
    default void describesItself() throws Exception {
        ExecutorDescription description = bench().executor().describe();
        assertThat(description.kind()).matches("[a-z0-9][a-z0-9-]*");
        assertThat(description.version()).isNotBlank();
        assertThat(description.available()).as("available: %s", description.message()).isTrue();
        assertThat(description.honours()).contains("command", "args", "env", "stop_signal", "stop_grace_period");
        var handle = bench().handle(bench().task(Program.runs()));
        assertThat(handle.executorKind()).isEqualTo(description.kind());
        assertThat(description.handleVersions()).contains(handle.version());
    }

    @Test
    default void aHandleIsMadeWithoutTouchingAnything() throws Exception {
        ExecutorTask task = bench().task(Program.runs());
        var handle = bench().handle(task);
        assertThat(handle.taskId()).isEqualTo(task.id());
        assertThat(bench().handle(task)).isEqualTo(handle);
        assertThat(bench().executor().recover(handle)).isEqualTo(new Recovery.Gone());
        assertThat(bench().listed()).doesNotContain(task.id());
        bench().swap();
        assertThat(bench().handle(task)).isEqualTo(handle);
    }

    @Test
    default void everyVerbMayBeCalledTwice() throws Exception {
        ExecutorTask task = bench().task(Program.runs());
        TaskController one = bench().controller(task);
        TaskController other = bench().controller(task);
        assertThat(one.status().startedAt()).isEqualTo(Instant.EPOCH);
        one.prepare();
        one.prepare();
        other.prepare();
        one.start();
        Status started = one.status();
        assertThat(started.containerId()).isNotBlank();
        assertThat(started.startedAt()).isAfter(Instant.now().minus(Duration.ofHours(1)));
        one.start();
        other.start();
        other.prepare();
        assertThat(other.status()).isEqualTo(started);
        one.update(task);
        one.update(task);
        assertThat(one.status()).isEqualTo(started);
        one.shutdown();
        other.shutdown();
        TaskExit exit = one.await();
        assertThat(other.await()).isEqualTo(exit);
        one.terminate();
        other.terminate();
        assertThat(one.await()).isEqualTo(exit);
        one.remove();
        one.remove();
        other.remove();
        assertThat(bench().executor().recover(bench().handle(task))).isEqualTo(new Recovery.Gone());
        one.close();
        one.close();
    }

    @Test
    default void whatEndedIsNotStartedAgain() throws Exception {
        ExecutorTask task = bench().task(Program.writesArguments("once"));
        TaskController controller = bench().started(task);
        assertThat(controller.await().code()).hasValue(0);
        controller.start();
        bench().controller(task).start();
        assertThat(controller.await().code()).hasValue(0);
        if (!tck().leftOut().containsKey(Feature.OUTPUT)) {
            assertThat(bench().text(task)).containsExactly("[once]");
        }
    }

    @Test
    default void ofStartsAtTheSameTimeOneStarts() throws Exception {
        ExecutorTask task = bench().task(Program.writesArguments("once"));
        List<Call<Boolean>> preparing = new ArrayList<>();
        List<Call<Boolean>> starting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            preparing.add(Call.of((Call.Verb) bench().controller(task)::prepare));
        }
        for (Call<Boolean> prepare : preparing) {
            prepare.value(bench().patience());
        }
        for (int i = 0; i < 4; i++) {
            starting.add(Call.of((Call.Verb) bench().controller(task)::start));
        }
        for (Call<Boolean> start : starting) {
            start.value(bench().patience());
        }
        assertThat(bench().controller(task).await().code()).hasValue(0);
        if (!tck().leftOut().containsKey(Feature.OUTPUT)) {
            assertThat(bench().text(task)).containsExactly("[once]");
        }
    }

    @Test
    default void stoppingWhatWasNeverPreparedSucceeds() throws Exception {
        TaskController controller = bench().controller(bench().task(Program.runs()));
        controller.shutdown();
        controller.terminate();
        controller.remove();
        assertThatThrownBy(controller::await).isInstanceOfSatisfying(
                ExecutorException.class, e -> assertThat(e.temporary()).as(e.getMessage()).isFalse());
    }

    @Test
    default void stoppingWhatIsPreparedDoesNotStartIt() throws Exception {
        ExecutorTask task = bench().task(Program.runs());
        TaskController controller = bench().prepared(task);
        controller.shutdown();
        controller.terminate();
        assertThat(bench().executor().recover(bench().handle(task)))
                .isNotInstanceOfAny(Recovery.Running.class, Recovery.Starting.class);
        assertThat(controller.status().startedAt()).isEqualTo(Instant.EPOCH);
        controller.remove();
        assertThat(bench().executor().recover(bench().handle(task))).isEqualTo(new Recovery.Gone());
    }

    @Test
    default void aLongerGraceIsTakenOver() throws Exception {
        ExecutorTask task = bench().task(Program.ignoresTerm());
        TaskController controller = bench().ready(task);
        controller.update(task.with(
                task.workload().toBuilder().stopGracePeriod(Duration.ofSeconds(3)).build()));
        long before = System.nanoTime();
        controller.shutdown();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
    }
}
