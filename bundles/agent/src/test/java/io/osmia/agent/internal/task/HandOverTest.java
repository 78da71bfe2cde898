package io.osmia.agent.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.agent.internal.journal.TaskJournal;
import io.osmia.agent.internal.task.Worker.Parting;
import io.osmia.api.executor.Recovery;
import io.osmia.roles.ExecutorExchange.Exchange;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Design, section 5: hand-over")
class HandOverTest {

    private static final long FORMER = 1;
    private static final long NEWCOMER = 2;
    private static final Duration BOUND = Duration.ofSeconds(30);
    /** For what must be refused because it takes too long. */
    private static final Duration SHORT = Duration.ofSeconds(1);

    @TempDir
    private Path directory;

    private final FakeMachine machine = new FakeMachine();
    private final Executors executors = new Executors();
    private final RecordingReports reports = new RecordingReports();
    private final FakeExecutor former = new FakeExecutor(machine, "1");
    private final FakeExecutor newcomer = new FakeExecutor(machine, "2");
    private Worker worker;
    private HandOver handOver;

    @BeforeEach
    void begin() throws IOException {
        executors.add(former, FORMER);
        begin(Parting.DEFAULT);
    }

    private void begin(Parting parting) throws IOException {
        worker = new Worker("me", new TaskJournal(directory), executors, reports, () -> Instant.EPOCH,
                Duration.ofMillis(20), CrashPoint.Watcher.NOBODY, parting);
        worker.start();
        handOver = new HandOver(executors, worker);
    }

    @AfterEach
    void end() {
        worker.close();
    }

    private void run(String... ids) throws InterruptedException {
        for (String id : ids) {
            worker.update(Tasks.update(Tasks.task(id, TaskState.RUNNING)));
        }
        for (String id : ids) {
            reports.await(id, TaskState.RUNNING);
            machine.awaitVerb("await " + id, 1);
        }
    }

    private Exchange leave() {
        Exchange exchange = handOver.begin("process", Set.of(FORMER), NEWCOMER);
        executors.remove(former);
        return exchange;
    }

    private long count(String verb) {
        return machine.verbs().stream().filter(verb::equals).count();
    }

    @Test
    void theNewcomerTakesOverAndNothingIsRestartedOrReported() throws Exception {
        String[] ids = IntStream.range(0, 50).mapToObj(i -> "t" + i).toArray(String[]::new);
        run(ids);
        List<Long> pids = new ArrayList<>();
        for (String id : ids) {
            pids.add(machine.pid(id));
        }
        int reported = reports.states("t0").size();
        try (Exchange exchange = leave()) {
            assertThat(former.detached).isTrue();
            executors.add(newcomer, NEWCOMER);
            assertThat(exchange.takenOver(NEWCOMER, BOUND)).isEmpty();
        }
        for (int i = 0; i < ids.length; i++) {
            machine.awaitVerb("await " + ids[i], 2);
            assertThat(machine.pid(ids[i])).isEqualTo(pids.get(i));
            assertThat(count("start " + ids[i])).isEqualTo(1);
        }
        assertThat(reports.states("t0")).hasSize(reported);
    }

    @Test
    void meanwhileTheNodeGoesOnNamingTheFormerOneAndNewWorkWaits() throws Exception {
        run("t");
        try (Exchange exchange = leave()) {
            worker.update(Tasks.update(Tasks.task("new", TaskState.RUNNING)));
            assertThat(executors.described()).extracting(executor -> executor.version()).containsExactly("1");
            executors.add(newcomer, NEWCOMER);
            assertThat(executors.offers()).isEmpty();
            assertThat(executors.described()).extracting(executor -> executor.version()).containsExactly("1");
            assertThat(exchange.takenOver(NEWCOMER, BOUND)).isEmpty();
            assertThat(executors.described()).extracting(executor -> executor.version()).containsExactly("2");
        }
        reports.await("new", TaskState.RUNNING);
        assertThat(count("prepare new")).isEqualTo(1);
    }

    @Test
    void whatEndsMeanwhileIsReportedOnceWithItsCode() throws Exception {
        run("t");
        try (Exchange exchange = leave()) {
            machine.exit("t", 7);
            executors.add(newcomer, NEWCOMER);
            assertThat(exchange.takenOver(NEWCOMER, BOUND)).isEmpty();
        }
        TaskStatus failed = reports.await("t", TaskState.FAILED);
        assertThat(failed.getContainer().getExitCode()).isEqualTo(7);
        assertThat(reports.states("t").stream().filter(TaskState.FAILED::equals)).hasSize(1);
    }

    @Test
    void aStartThatIsUnderWayIsCancelledAndTheNewcomerResumesIt() throws Exception {
        former.stick("start", false);
        worker.update(Tasks.update(Tasks.task("t", TaskState.RUNNING)));
        machine.awaitVerb("start t", 1);
        try (Exchange exchange = leave()) {
            executors.add(newcomer, NEWCOMER);
            assertThat(exchange.takenOver(NEWCOMER, BOUND)).isEmpty();
        }
        reports.await("t", TaskState.RUNNING);
        assertThat(count("start t")).isEqualTo(2);
        assertThat(count("prepare t")).isEqualTo(1);
    }

    @Test
    void aShutdownGetsAMomentToEnd() throws Exception {
        worker.close();
        begin(new Parting(BOUND, BOUND));
        run("t");
        former.stick("shutdown", false);
        worker.update(Tasks.update(Tasks.task("t", TaskState.SHUTDOWN)));
        machine.awaitVerb("shutdown t", 1);
        Thread.ofVirtual().start(() -> former.free("shutdown"));
        try (Exchange exchange = leave()) {
            executors.add(newcomer, NEWCOMER);
            assertThat(exchange.takenOver(NEWCOMER, BOUND)).isEmpty();
        }
        reports.await("t", TaskState.SHUTDOWN);
        assertThat(count("shutdown t")).isEqualTo(1);
    }

    @Test
    void aShutdownThatTakesLongerIsResumedByTheNewcomer() throws Exception {
        run("t");
        former.stick("shutdown", false);
        worker.update(Tasks.update(Tasks.task("t", TaskState.SHUTDOWN)));
        machine.awaitVerb("shutdown t", 1);
        try (Exchange exchange = leave()) {
            executors.add(newcomer, NEWCOMER);
            assertThat(exchange.takenOver(NEWCOMER, BOUND)).isEmpty();
        }
        reports.await("t", TaskState.SHUTDOWN);
        assertThat(count("shutdown t")).isEqualTo(2);
    }

    @Test
    void anExecutorThatIgnoresBeingInterruptedIsLeftBehind() throws Exception {
        former.stick("await", true);
        run("a", "b");
        long begun = System.nanoTime();
        try (Exchange exchange = leave()) {
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
            executors.add(newcomer, NEWCOMER);
            assertThat(exchange.takenOver(NEWCOMER, BOUND)).isEmpty();
        }
        machine.awaitVerb("await a", 2);
        machine.exit("a", 3);
        assertThat(reports.await("a", TaskState.FAILED).getContainer().getExitCode()).isEqualTo(3);
        former.free("await");
    }

    @Test
    void anExecutorThatDoesNotReturnGetsNoWorkUntilItDoes() throws Exception {
        former.stick("prepare", true);
        worker.update(Tasks.update(Tasks.task("t", TaskState.RUNNING)));
        machine.awaitVerb("prepare t", 1);
        worker.update(Tasks.update(Tasks.task("t", TaskState.SHUTDOWN)));
        TaskStatus waiting = reports.awaitErrStarting("t", "executor process 1 does not return from prepare of task t");
        assertThat(waiting.getState()).isEqualTo(TaskState.PREPARING);
        assertThat(handOver.trouble(FORMER)).isPresent();
        assertThat(executors.offers()).isEmpty();
        former.free("prepare");
        reports.await("t", TaskState.SHUTDOWN);
        assertThat(handOver.trouble(FORMER)).isEmpty();
    }

    /** The newcomer is refused, the former one comes back, and no task has noticed. */
    private void refused(Duration bound, String why) throws InterruptedException {
        run("t", "u");
        int reported = reports.states("t").size();
        try (Exchange exchange = leave()) {
            executors.add(newcomer, NEWCOMER);
            assertThat(exchange.takenOver(NEWCOMER, bound)).hasValueSatisfying(text -> assertThat(text).contains(why));
            executors.remove(newcomer);
            FakeExecutor back = new FakeExecutor(machine, "1");
            executors.add(back, FORMER);
            assertThat(exchange.takenOver(FORMER, BOUND)).isEmpty();
        }
        machine.awaitVerb("await t", 2);
        machine.awaitVerb("await u", 2);
        assertThat(reports.states("t")).hasSize(reported);
        assertThat(count("start t")).isEqualTo(1);
    }

    @Test
    void oneThatDoesNotFindAWorkloadIsRefused() throws Exception {
        newcomer.recovery = new Recovery.Gone();
        refused(BOUND, "it does not find the workload of task t, which the former one had (1 more)");
    }

    @Test
    void oneThatCannotSayWhatTheFormerOneKnewIsRefused() throws Exception {
        newcomer.recovery = new Recovery.Unknown("wrong socket");
        refused(SHORT, "it cannot say what became of the workload of task t: wrong socket (1 more)");
    }

    @Test
    void oneThatDoesNotReturnIsRefused() throws Exception {
        newcomer.stick("recover", true);
        refused(SHORT, "it did not recover the workload of task t in time (1 more)");
        newcomer.free("recover");
    }

    @Test
    void oneThatDoesNotReturnAnyMoreIsRefusedForWhatItSaid() throws Exception {
        newcomer.recovery = new Recovery.Unknown("wrong socket");
        Thread sticking = Thread.ofVirtual().start(() -> {
            try {
                machine.awaitVerb("recover t", 2); // it has been asked for both once
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            newcomer.stick("recover", true);
        });
        refused(SHORT, "it cannot say what became of the workload of task t: wrong socket (1 more)");
        assertThat(sticking.join(BOUND)).isTrue();
        newcomer.free("recover");
    }

    @Test
    void oneThatNeverComesIsRefused() throws Exception {
        run("t");
        try (Exchange exchange = leave()) {
            assertThat(exchange.takenOver(NEWCOMER, SHORT))
                    .contains("it offers no executor; the node's log may say why");
        }
    }

    @Test
    void oneThatNothingNeedsYetMayComeLaterOrNever() throws Exception {
        try (Exchange exchange = handOver.begin("wasm", Set.of(), NEWCOMER)) {
            assertThat(exchange.takenOver(NEWCOMER, BOUND)).isEmpty();
        }
        executors.add(newcomer, NEWCOMER);
        assertThat(executors.offers()).hasSize(2);
    }

    @Test
    void whatCannotBeSaidAtOnceIsAskedAgain() throws Exception {
        run("t");
        newcomer.recovery = new Recovery.Unknown("just starting");
        try (Exchange exchange = leave()) {
            executors.add(newcomer, NEWCOMER);
            Thread.ofVirtual().start(() -> {
                try {
                    machine.awaitVerb("recover t", 2);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                newcomer.recovery = null;
            });
            assertThat(exchange.takenOver(NEWCOMER, BOUND)).isEmpty();
        }
        machine.awaitVerb("await t", 2);
    }

    @Test
    void whatTheFormerOneCouldNotSayEitherIsNoReasonToRefuse() throws Exception {
        run("t");
        former.listless = true;
        newcomer.recovery = new Recovery.Unknown("engine is away");
        try (Exchange exchange = leave()) {
            executors.add(newcomer, NEWCOMER);
            assertThat(exchange.takenOver(NEWCOMER, BOUND)).isEmpty();
        }
        assertThat(worker.statuses().get("t").getState()).isEqualTo(TaskState.RUNNING);
        newcomer.recovery = null;
        machine.awaitVerb("await t", 2);
    }

    @Test
    void oneThatComesAnewWhileItIsAskedIsAskedAnew() throws Exception {
        run("t");
        newcomer.stick("recover", false);
        try (Exchange exchange = leave()) {
            executors.add(newcomer, NEWCOMER);
            Thread.ofVirtual().start(() -> {
                try {
                    machine.awaitVerb("recover t", 1);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                executors.remove(newcomer);
                executors.add(new FakeExecutor(machine, "3"), NEWCOMER);
                newcomer.free("recover");
            });
            assertThat(exchange.takenOver(NEWCOMER, BOUND)).isEmpty();
        }
        assertThat(executors.changing()).isFalse();
        assertThat(executors.described()).extracting(executor -> executor.version()).containsExactly("3");
        machine.awaitVerb("await t", 2);
        assertThat(count("recover t")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void theSecondExecutorOfABundleIsOfferedToo() throws Exception {
        run("t");
        try (Exchange exchange = leave()) {
            executors.add(newcomer, NEWCOMER);
            executors.add(new DescribedExecutor("wasm", true), NEWCOMER);
            assertThat(exchange.takenOver(NEWCOMER, BOUND)).isEmpty();
        }
        assertThat(executors.described()).extracting(executor -> executor.kind()).containsExactlyInAnyOrder("process",
                "wasm");
    }

    @Test
    void anObjectionNamesTheTaskWhoseHandleIsNotKnown() throws Exception {
        run("t", "u");
        assertThat(handOver.objection("process", Set.of(2, 1))).isEmpty();
        assertThat(handOver.objection("docker", Set.of(2))).isEmpty();
        assertThat(handOver.objection("process", Set.of(3, 2)))
                .contains(
                        "it recovers handles of version 2, 3, and task t has one of version 1 (1 more); install a version"
                                + " that knows it, or end those tasks first");
        assertThat(handOver.workloads("process")).isEqualTo(2);
    }
}
