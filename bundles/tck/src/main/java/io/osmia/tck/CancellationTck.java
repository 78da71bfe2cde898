package io.osmia.tck;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Calls that are interrupted, in each state, and go on when they are made again. */
interface CancellationTck extends Suite {

    /** When a call is interrupted, in milliseconds after it began. */
    int[] MOMENTS = {0, 1, 5, 20, 80, 200};

    @Test
    default void anInterruptedPrepareGoesOn() throws Exception {
        for (int moment : MOMENTS) {
            ExecutorTask task = bench().task(Program.exits(0));
            TaskController controller = bench().controller(task);
            interruptAfter(moment, controller::prepare);
            // The backend may still be making it.
            Deadline.until(bench().patience(), "it is gone or prepared",
                    () -> bench().executor().recover(bench().handle(task)),
                    seen -> seen instanceof Recovery.Gone || seen instanceof Recovery.Prepared);
            controller.prepare();
            controller.start();
            assertThat(controller.await().code()).hasValue(0);
        }
    }

    @Test
    default void anInterruptedStartGoesOnAndStartsOnce() throws Exception {
        for (int moment : MOMENTS) {
            ExecutorTask task = bench().task(Program.writesArguments("once"));
            TaskController controller = bench().prepared(task);
            interruptAfter(moment, controller::start);
            bench().swap();
            TaskController next = bench().controller(task);
            next.start();
            assertThat(next.await().code()).hasValue(0);
            if (!tck().leftOut().containsKey(Feature.OUTPUT)) {
                assertThat(bench().text(task)).as("interrupted after %s ms", moment).containsExactly("[once]");
            }
        }
    }

    @Test
    default void anInterruptedStartCanBeShutDown() throws Exception {
        for (int moment : MOMENTS) {
            ExecutorTask task = bench().task(Program.runs());
            TaskController controller = bench().prepared(task);
            interruptAfter(moment, controller::start);
            controller.shutdown();
            assertThat(bench().executor().recover(bench().handle(task)))
                    .as("interrupted after %s ms", moment)
                    .isNotInstanceOfAny(Recovery.Running.class, Recovery.Starting.class);
        }
    }

    @Test
    default void anInterruptedAwaitChangesNothing() throws Exception {
        ExecutorTask task = bench().task(Program.runs());
        TaskController controller = bench().started(task);
        var before = controller.status();
        Call<?> await = Call.of(controller::await);
        Deadline.pass(Duration.ofMillis(50));
        assertThat(await.ended()).isFalse();
        assertThat(await.interrupt().failure(Bench.AT_ONCE)).isInstanceOf(InterruptedException.class);
        assertThat(controller.status()).isEqualTo(before);
        assertThat(bench().executor().recover(bench().handle(task))).isEqualTo(new Recovery.Running());
    }

    @Test
    default void anInterruptedShutdownGoesOn() throws Exception {
        ExecutorTask task = bench().task(Program.ignoresTerm());
        ExecutorTask patient = task.with(
                task.workload().toBuilder().stopGracePeriod(Duration.ofSeconds(30)).build());
        TaskController controller = bench().ready(patient);
        Call<Boolean> shutdown = Call.of((Call.Verb) controller::shutdown);
        Deadline.pass(Duration.ofMillis(300));
        assertThat(shutdown.ended()).as("ended before its grace was over").isFalse();
        shutdown.interrupt().endsCancelledOrDone(Bench.AT_ONCE);
        controller.update(task);
        controller.shutdown();
        assertThat(controller.await().code()).hasValue(137);
    }

    @Test
    default void terminateEndsAShutdownThatWaits() throws Exception {
        ExecutorTask task = bench().task(Program.ignoresTerm());
        TaskController controller = bench().ready(task.with(
                task.workload().toBuilder().stopGracePeriod(Duration.ofMinutes(4)).build()));
        Call<Boolean> shutdown = Call.of((Call.Verb) controller::shutdown);
        Deadline.pass(Duration.ofMillis(200));
        controller.terminate();
        shutdown.value(bench().patience());
        assertThat(controller.await().code()).hasValue(137);
    }

    @Test
    default void followingOutputCanBeInterrupted() throws Exception {
        ExecutorTask task = bench().task(Program.runs());
        bench().ready(task);
        var output = bench().output();
        var handle = bench().handle(task);
        Call<Boolean> read = Call.of(() -> output.read(handle, OutputRequest.ALL.following(), line -> true));
        Deadline.pass(Duration.ofMillis(100));
        assertThat(read.interrupt().failure(Bench.AT_ONCE)).isInstanceOf(InterruptedException.class);
    }

    @Test
    default void callsUnderWayEndWhenTheExecutorIsDetached() throws Exception {
        ExecutorTask task = bench().task(Program.ignoresTerm());
        TaskController controller = bench().ready(task.with(
                task.workload().toBuilder().stopGracePeriod(Duration.ofMinutes(4)).build()));
        Call<?> await = Call.of(controller::await);
        Call<?> again = Call.of(controller::await);
        Call<Boolean> shutdown = Call.of((Call.Verb) controller::shutdown);
        Deadline.pass(Duration.ofMillis(200));
        long before = System.nanoTime();
        bench().detach();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).as("detach").isLessThan(Bench.AT_ONCE);
        await.failsTemporarily(Bench.AT_ONCE);
        again.failsTemporarily(Bench.AT_ONCE);
        shutdown.failsTemporarily(Bench.AT_ONCE);
        Call.of(controller::await).failsTemporarily(Bench.AT_ONCE);
        assertThat(bench().executor().recover(bench().handle(task))).isEqualTo(new Recovery.Running());
    }

    private static void interruptAfter(int millis, Call.Verb verb) throws InterruptedException {
        Call<Boolean> call = Call.of(verb);
        if (millis > 0) {
            Deadline.pass(Duration.ofMillis(millis));
        }
        call.interrupt().endsCancelledOrDone(Bench.AT_ONCE);
    }
}
