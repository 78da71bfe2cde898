package io.osmia.tck;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import io.osmia.api.executor.TaskHandle;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The backend goes away and comes back: nothing is killed, restarted or declared gone. */
interface AwayTck extends Suite {

    /** Sooner than a call gives up a backend that hangs by itself. */
    Duration PROMPTLY = Duration.ofSeconds(8);

    @Test
    default void nobodyKnowsWhileTheBackendIsAway() throws Exception {
        bench().need(Feature.BACKEND_AWAY);
        ExecutorTask task = Bench.patient(bench().task(Program.runs()));
        ExecutorTask never = bench().task(Program.runs());
        TaskController controller = bench().ready(task);
        var before = controller.status();
        TaskHandle handle = bench().handle(task);
        bench().takeBackendAway();

        assertThat(recovered(handle)).isInstanceOf(Recovery.Unknown.class);
        assertThat(recovered(bench().handle(never))).as("not even of what never was")
                .isInstanceOf(Recovery.Unknown.class);
        Call.of(() -> bench().executor().list(Bench.NODE)).failsTemporarily(bench().patience());
        Call.of((Call.Verb) bench().controller(never)::prepare).failsTemporarily(bench().patience());
        Deadline.until(bench().patience(), "it is not available and says why", bench().executor()::describe,
                description -> !description.available() && !description.message().isBlank());
        bench().swap();
        assertThat(bench().executor().describe().available()).isFalse();
        assertThat(recovered(handle)).isInstanceOf(Recovery.Unknown.class);

        bench().bringBackendBack();
        Deadline.until(bench().patience(), "it is available", () -> bench().executor().describe().available());
        Deadline.until(bench().patience(), "it is found", () -> bench().executor().recover(handle),
                new Recovery.Running()::equals);
        TaskController next = bench().controller(task);
        next.start();
        assertThat(next.status()).isEqualTo(before);
        next.shutdown();
        assertThat(next.await().code()).hasValue(143);
        assertThat(recovered(bench().handle(never))).isEqualTo(new Recovery.Gone());
    }

    @Test
    default void waitingOutlastsTheBackend() throws Exception {
        bench().need(Feature.BACKEND_AWAY);
        ExecutorTask task = Bench.patient(bench().task(Program.runs()));
        TaskController controller = bench().ready(task);
        Call<TaskExit> await = Call.of(controller::await);
        bench().takeBackendAway();
        Deadline.pass(Duration.ofMillis(500));
        if (await.ended()) {
            await.failsTemporarily(Bench.AT_ONCE);
        }
        bench().bringBackendBack();
        Deadline.until(bench().patience(), "it is available", () -> bench().executor().describe().available());
        Call<TaskExit> again = await.ended() ? Call.of(controller::await) : await;
        controller.shutdown();
        assertThat(again.value(bench().patience()).code()).hasValue(143);
    }

    @Test
    default void anEndWhileTheBackendIsAwayIsAnEnd() throws Exception {
        bench().need(Feature.BACKEND_AWAY);
        ExecutorTask task = bench().task(Program.runsFor(2, 42));
        TaskHandle handle = bench().handle(task);
        bench().started(task);
        bench().takeBackendAway();
        Deadline.pass(Duration.ofSeconds(3));
        bench().bringBackendBack();
        Recovery.Exited exited = (Recovery.Exited) Deadline.until(
                bench().patience(), "the end is known", () -> bench().executor().recover(handle),
                recovery -> recovery instanceof Recovery.Exited);
        // Nobody may have been there to see the code; one that is told is the right one.
        exited.exit().code().ifPresent(code -> assertThat(code).isEqualTo(42));
        assertThat(bench().controller(task).await()).isEqualTo(exited.exit());
    }

    @Test
    default void aBackendThatHangsHoldsUpNobodyForGood() throws Exception {
        bench().need(Feature.BACKEND_AWAY);
        ExecutorTask task = bench().task(Program.runs());
        ExecutorTask never = bench().task(Program.runs());
        TaskController controller = bench().ready(task);
        var before = controller.status();
        TaskHandle handle = bench().handle(task);
        TaskController unprepared = bench().controller(never);
        bench().hangBackend();

        for (Call.Verb verb : List.<Call.Verb>of(
                unprepared::prepare,
                unprepared::start,
                controller::start,
                controller::await,
                unprepared::remove,
                () -> bench().executor().list(Bench.NODE))) {
            Call<Boolean> call = Call.of(verb);
            Deadline.pass(Duration.ofMillis(300));
            call.interrupt().endsCancelledTemporarilyOrDone(PROMPTLY);
        }
        Call<Recovery> recover = Call.of(() -> bench().executor().recover(handle));
        Deadline.pass(Duration.ofMillis(300));
        assertThat(recover.interrupt().value(PROMPTLY))
                .isInstanceOfAny(Recovery.Unknown.class, Recovery.Running.class);
        Call.of((Call.Verb) bench()::detach).value(PROMPTLY);

        bench().resumeBackend();
        Deadline.until(bench().patience(), "it is found", () -> bench().executor().recover(handle),
                new Recovery.Running()::equals);
        assertThat(bench().controller(task).status()).isEqualTo(before);
    }

    private Recovery recovered(TaskHandle handle) throws Exception {
        return Call.of(() -> bench().executor().recover(handle)).value(bench().patience());
    }
}
