package io.osmia.tck;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.ResourceAmounts;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import io.osmia.api.executor.TaskResources;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How workloads end. */
interface ExitsTck extends Suite {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 42, 127, 255})
    default void theExitCodeIsTold(int code) throws Exception {
        Instant before = Instant.now().minusSeconds(5);
        ExecutorTask task = bench().task(Program.exits(code));
        TaskExit exit = bench().started(task).await();
        assertThat(exit.code()).hasValue(code);
        assertThat(exit.at()).isBetween(before, Instant.now().plusSeconds(5));
        assertThat(bench().executor().recover(bench().handle(task))).isEqualTo(new Recovery.Exited(exit));
    }

    @ParameterizedTest
    @CsvSource({"KILL,137", "TERM,143"})
    default void deathBySignalIs128PlusItsNumber(String signal, int code) throws Exception {
        assertThat(bench().started(bench().task(Program.childKilledBy(signal))).await().code()).hasValue(code);
    }

    @Test
    default void terminateIsDeathBySigkill() throws Exception {
        TaskController controller = bench().ready(bench().task(Program.runs()));
        controller.terminate();
        assertThat(controller.await().code()).hasValue(137);
    }

    @Test
    default void shutdownAsksBySigterm() throws Exception {
        TaskController controller = bench().ready(Bench.patient(bench().task(Program.runs())));
        Call<TaskExit> await = Call.of(controller::await);
        controller.shutdown();
        assertThat(await.value(Bench.AT_ONCE).code()).hasValue(143);
    }

    @Test
    default void whatIgnoresSigtermIsKilledAfterTheGrace() throws Exception {
        TaskController controller = bench().ready(bench().task(Program.ignoresTerm()));
        long before = System.nanoTime();
        controller.shutdown();
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        assertThat(took).isBetween(Bench.GRACE, Bench.GRACE.plusSeconds(15));
        assertThat(controller.await().code()).hasValue(137);
    }

    @Test
    default void theStopSignalOfTheSpecIsSent() throws Exception {
        ExecutorTask task = bench().task(Program.answersUsr1());
        TaskController controller = bench().ready(
                task.with(task.workload().toBuilder().stopSignal("SIGUSR1").build()));
        controller.shutdown();
        assertThat(controller.await().code()).hasValue(137);
        assertThat(bench().text(task)).contains("got");
    }

    @Test
    default void whatTakesMoreMemoryThanItMayIsKilled() throws Exception {
        bench().need(Feature.MEMORY_LIMIT);
        ExecutorTask neighbour = bench().task(Program.runs());
        TaskController unharmed = bench().started(neighbour);
        ExecutorTask task = bench().task(Program.takesMemory())
                .with(TaskResources.limitedTo(new ResourceAmounts(0, 32L << 20, Map.of(), Map.of())));
        TaskExit exit = Call.of(bench().started(task)::await).value(bench().patience());
        assertThat(exit.code()).hasValue(137);
        assertThat(exit.message()).contains(TaskExit.OUT_OF_MEMORY);
        assertThat(bench().executor().recover(bench().handle(task))).isEqualTo(new Recovery.Exited(exit));
        assertThat(bench().executor().recover(bench().handle(neighbour))).isEqualTo(new Recovery.Running());
        assertThat(unharmed.status().startedAt()).isNotEqualTo(Instant.EPOCH);
    }

    @Test
    default void endsOfManyAreToldAsTheyWere() throws Exception {
        List<Call<TaskExit>> exits = new ArrayList<>();
        for (int code = 0; code < 20; code++) {
            exits.add(Call.of(bench().started(bench().task(Program.runsFor(1, code)))::await));
        }
        for (int code = 0; code < 20; code++) {
            assertThat(exits.get(code).value(bench().patience()).code()).hasValue(code);
        }
    }
}
