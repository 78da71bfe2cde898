package io.osmia.agent.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.agent.internal.journal.JournalEntry;
import io.osmia.agent.internal.journal.TaskJournal;
import io.osmia.agent.internal.task.Worker.Parting;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskHandle;
import io.osmia.wire.swarmkit.AssignmentChange;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private final FakeMachine machine = new FakeMachine();
    private Executors executors = new Executors();
    private FakeExecutor executor = new FakeExecutor(machine, "1");
    private RecordingReports reports = new RecordingReports();
    private TaskJournal journal;
    private Worker worker;

    @BeforeEach
    void begin() throws IOException {
        executors.add(executor);
        startWorker();
    }

    private void startWorker() throws IOException {
        journal = new TaskJournal(directory);
        worker = worker(Duration.ofMillis(20));
        worker.start();
    }

    /** Executors here return: what is waited for them is only a bound. */
    private Worker worker(Duration retry) {
        return new Worker("me", journal, executors, reports, () -> Instant.EPOCH, retry,
                CrashPoint.Watcher.NOBODY, new Parting(BOUND, BOUND));
    }

    /** Another process on the same machine: nothing is kept but the disk and the workloads. */
    private void restart() throws IOException {
        worker.close();
        executors = new Executors();
        executor = new FakeExecutor(machine, "1");
        reports = new RecordingReports();
        startWorker();
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

    @Test // AGT-021
    void aTaskGoesThroughAllStatesToItsEnd() throws Exception {
        run("t");
        machine.exit("t", 0);
        TaskStatus complete = reports.await("t", TaskState.COMPLETE);

        assertThat(reports.states("t"))
                .containsExactly(
                        TaskState.ACCEPTED,
                        TaskState.PREPARING,
                        TaskState.READY,
                        TaskState.STARTING,
                        TaskState.RUNNING,
                        TaskState.COMPLETE);
        assertThat(complete.getMessage()).isEqualTo("finished");
        assertThat(complete.getContainer().getContainerId()).isEqualTo("fake-t");
        assertThat(reports.await("t", TaskState.RUNNING).getContainer().getPid()).isEqualTo((int) machine.pid("t"));
    }

    @Test // AGT-022
    void aNonZeroExitIsReportedOnceWithItsCode() throws Exception {
        run("t");
        machine.exit("t", 3);
        TaskStatus failed = reports.await("t", TaskState.FAILED);
        assertThat(failed.getErr()).isEqualTo("task: non-zero exit (3)");
        assertThat(failed.getContainer().getExitCode()).isEqualTo(3);
        assertThat(failed.getContainer().getContainerId()).isEqualTo("fake-t");
    }

    @Test
    void aTaskThatBeginsWhileItsExecutorArrivesHearsOfIt() throws Exception {
        String[] ids = IntStream.range(0, 100).mapToObj(i -> "t" + i).toArray(String[]::new);
        run(ids);
        for (int round = 1; round <= 10; round++) {
            worker.close();
            executors = new Executors();
            Worker begins = worker(Duration.ofDays(1));
            worker = begins;
            Thread arrival = Thread.ofPlatform().start(() -> {
                while (begins.statuses().isEmpty()) {
                    Thread.onSpinWait();
                }
                executors.add(new FakeExecutor(machine, "1"));
            });
            begins.start();
            arrival.join();
            for (String id : ids) {
                machine.awaitVerb("recover " + id, round);
            }
        }
    }

    @Test // AGT-020
    void aPrepareThatFailsRejectsTheTask() throws Exception {
        executor.fail("prepare", new ExecutorException("no such thing", false));
        worker.update(Tasks.update(Tasks.task("t", TaskState.RUNNING)));
        assertThat(reports.await("t", TaskState.REJECTED).getErr()).isEqualTo("no such thing");
    }

    @Test // AGT-019
    void whatIsPreparedAlreadyIsReady() throws Exception {
        machine.prepare("t", "");
        worker.update(Tasks.update(Tasks.task("t", TaskState.READY)));
        assertThat(reports.await("t", TaskState.READY).getMessage()).isEqualTo("prepared");
    }

    @Test // AGT-027
    void aTemporaryFailureIsShownAndTriedAgain() throws Exception {
        executor.fail("start", new ExecutorException("busy", true), new ExecutorException("busy", true));
        run("t");
        assertThat(reports.awaitErrStarting("t", "busy").getState()).isEqualTo(TaskState.STARTING);
        assertThat(reports.await("t", TaskState.RUNNING).getErr()).isEmpty();
    }

    @Test // AGT-017
    void aTaskThatTheExecutorRefusesIsRejected() throws Exception {
        executor.fail("handle", new ExecutorException("osmia/host: no command", false));
        worker.update(Tasks.update(Tasks.task("t", TaskState.RUNNING)));
        TaskStatus rejected = reports.await("t", TaskState.REJECTED);
        assertThat(rejected.getErr()).isEqualTo("osmia/host: no command");
        assertThat(rejected.getMessage()).isEqualTo("resolving controller failed");
    }

    @Test
    void aFieldThatTheExecutorDoesNotHonourRejectsTheTask() throws Exception {
        ContainerSpec spec =
                ContainerSpec.newBuilder().setImage("osmia/host").addCommand("x").setTty(true).build();
        worker.update(Tasks.update(Tasks.task("t", TaskState.RUNNING, spec)));
        assertThat(reports.await("t", TaskState.REJECTED).getErr()).isEqualTo("osmia/host does not support tty");
        assertThat(machine.verbs()).isEmpty();
    }

    @Test // AGT-026
    void aTaskWaitsInReadyUntilItIsWantedRunning() throws Exception {
        worker.update(Tasks.update(Tasks.task("t", TaskState.READY)));
        reports.await("t", TaskState.READY);
        worker.update(Tasks.update(Tasks.task("t", TaskState.RUNNING)));
        reports.await("t", TaskState.RUNNING);
        machine.awaitVerb("await t", 1);
        worker.update(Tasks.update(Tasks.task("t", TaskState.READY)));
        worker.update(Tasks.update(Tasks.task("t", TaskState.SHUTDOWN)));
        assertThat(reports.await("t", TaskState.SHUTDOWN).getMessage()).isEqualTo("shutdown");
        assertThat(machine.verbs().stream().filter("await t"::equals)).hasSize(1);
    }

    @Test // AGT-024
    void aTaskThatNothingWasMadeOfIsShutDownWithoutAnExecutor() throws Exception {
        executors.remove(executor);
        worker.update(Tasks.update(Tasks.task("t", TaskState.SHUTDOWN)));
        reports.await("t", TaskState.SHUTDOWN);
    }

    @Test // AGT-011, AGT-012
    void aCompleteListRemovesWhatItDoesNotNameAndItsRemovalsMeanNothing() throws Exception {
        run("a", "b");
        List<AssignmentChange> changes =
                new ArrayList<>(Tasks.update(Tasks.task("b", TaskState.RUNNING)));
        changes.addAll(Tasks.remove("b"));
        worker.assign(changes);
        machine.awaitVerb("remove a", 1);
        assertThat(worker.awaitRemovals(BOUND)).isTrue();
        assertThat(machine.pid("b")).isPositive();
        assertThat(journal.load()).extracting(entry -> entry.task().getId()).containsExactly("b");
    }

    @Test // AGT-014, AGT-015
    void aRemovedTaskLeavesNoTraceAndRemovingAnUnknownOneIsHarmless() throws Exception {
        run("a");
        worker.update(Tasks.remove("a", "unknown"));
        assertThat(worker.awaitRemovals(BOUND)).isTrue();
        assertThat(machine.verbs()).contains("remove a");
        assertThat(journal.load()).isEmpty();
        assertThat(worker.knows("a")).isFalse();
    }

    @Test
    void aRemovalThatFailsIsTriedAgain() throws Exception {
        run("a");
        executor.fail("remove", new ExecutorException("busy", false));
        worker.update(Tasks.remove("a"));
        machine.awaitVerb("remove a", 2);
        assertThat(worker.awaitRemovals(BOUND)).isTrue();
    }

    @Test // AGT-016
    void afterARestartARunningTaskIsTakenOverAsItIs() throws Exception {
        run("t");
        long pid = machine.pid("t");
        restart();
        executors.add(executor);
        machine.awaitVerb("await t", 2);
        assertThat(machine.pid("t")).isEqualTo(pid);
        assertThat(machine.verbs().stream().filter("start t"::equals)).hasSize(1);
        assertThat(worker.statuses().get("t").getState()).isEqualTo(TaskState.RUNNING);
        assertThat(reports.states("t")).isEmpty();
    }

    @Test
    void aTaskThatEndedMeanwhileIsReportedOnceWithItsCode() throws Exception {
        run("t");
        worker.close();
        machine.exit("t", 137);
        restart();
        executors.add(executor);
        TaskStatus failed = reports.await("t", TaskState.FAILED);
        assertThat(failed.getContainer().getExitCode()).isEqualTo(137);
        assertThat(reports.states("t")).containsExactly(TaskState.FAILED);

        restart();
        executors.add(executor);
        assertThat(worker.statuses().get("t").getErr()).isEqualTo("task: non-zero exit (137)");
        assertThat(reports.states("t")).isEmpty();
    }

    @Test
    void aStartedWorkloadThatLeftNoTraceFailed() throws Exception {
        run("t");
        worker.close();
        machine.remove("t");
        restart();
        executors.add(executor);
        assertThat(reports.await("t", TaskState.FAILED).getErr()).isEqualTo("workload is gone");
    }

    @Test
    void whatNobodyCanSayIsAskedAgainAndTheStateStays() throws Exception {
        run("t");
        restart();
        executor.recovery = new Recovery.Unknown("engine restarts");
        executors.add(executor);
        machine.awaitVerb("recover t", 3);
        assertThat(worker.statuses().get("t").getState()).isEqualTo(TaskState.RUNNING);
        executor.recovery = null;
        machine.awaitVerb("await t", 2);
        assertThat(reports.states("t")).isEmpty();
    }

    @Test
    void aTaskThatWasPreparedIsStartedAfterARestart() throws Exception {
        executor.fail("start", new ExecutorException("busy", true));
        worker.update(Tasks.update(Tasks.task("t", TaskState.READY)));
        reports.await("t", TaskState.READY);
        restart();
        executors.add(executor);
        worker.update(Tasks.update(Tasks.task("t", TaskState.RUNNING)));
        reports.await("t", TaskState.RUNNING);
        assertThat(machine.verbs().stream().filter("prepare t"::equals)).hasSize(1);
    }

    @Test
    void aPreparedWorkloadThatVanishedIsPreparedAgain() throws Exception {
        worker.update(Tasks.update(Tasks.task("t", TaskState.READY)));
        reports.await("t", TaskState.READY);
        worker.close();
        machine.remove("t");
        restart();
        executors.add(executor);
        worker.update(Tasks.update(Tasks.task("t", TaskState.RUNNING)));
        reports.await("t", TaskState.RUNNING);
        assertThat(machine.verbs().stream().filter("prepare t"::equals)).hasSize(2);
    }

    @Test
    void theHandleIsOnDiskBeforeAnythingStarts() throws Exception {
        executor.fail("start", new ExecutorException("not yet", true));
        worker.update(Tasks.update(Tasks.task("t", TaskState.RUNNING)));
        machine.awaitVerb("start t", 1);
        JournalEntry entry = journal.load().getFirst();
        assertThat(entry.handle()).isNotNull().extracting(TaskHandle::taskId).isEqualTo("t");
        assertThat(entry.status()).isNotNull().extracting(TaskStatus::getState).isEqualTo(TaskState.STARTING);
    }

    @Test
    void whileTheJournalCannotBeWrittenTheTaskSaysSoAndThenGoesOn() throws Exception {
        run("t");
        Path away = directory.resolveSibling(directory.getFileName() + "-away");
        Files.move(directory, away);
        machine.exit("t", 4);
        TaskStatus stuck = reports.awaitErrStarting("t", "the task journal cannot be written, trying again: ");
        assertThat(stuck.getState()).isEqualTo(TaskState.RUNNING);
        assertThat(reports.states("t")).doesNotContain(TaskState.FAILED);
        Files.move(away, directory);
        assertThat(reports.await("t", TaskState.FAILED).getContainer().getExitCode()).isEqualTo(4);
    }

    @Test
    void aTaskTheJournalLostIsFoundByItsHandle() throws Exception {
        run("t");
        long pid = machine.pid("t");
        worker.close();
        journal.delete("t");
        restart();
        executors.add(executor);
        Task known = Tasks.task("t", TaskState.RUNNING).toBuilder()
                .setStatus(TaskStatus.newBuilder().setState(TaskState.RUNNING))
                .build();
        worker.assign(Tasks.update(known));
        machine.awaitVerb("await t", 2);
        assertThat(machine.pid("t")).isEqualTo(pid);
        assertThat(machine.verbs().stream().filter("start t"::equals)).hasSize(1);
    }

    @Test
    void anExecutorThatLeavesDoesNotTouchItsWorkloadsAndTheNextOneTakesThemOver() throws Exception {
        run("a", "b");
        machine.awaitVerb("await a", 1);
        machine.awaitVerb("await b", 1);
        long pid = machine.pid("a");

        executors.remove(executor);

        assertThat(machine.verbs()).contains("close a", "close b").doesNotContain("shutdown a", "remove a");
        assertThat(executor.detached).isTrue();
        assertThat(worker.statuses().get("a").getState()).isEqualTo(TaskState.RUNNING);
        assertThat(worker.running()).isEqualTo(2);
        machine.exit("b", 1);

        executors.add(new FakeExecutor(machine, "2"));

        assertThat(reports.await("b", TaskState.FAILED).getErr()).isEqualTo("task: non-zero exit (1)");
        machine.awaitVerb("await a", 2);
        assertThat(machine.pid("a")).isEqualTo(pid);
        assertThat(machine.verbs().stream().filter("start a"::equals)).hasSize(1);
    }

    @Test
    void aNewTaskWaitsForItsExecutorAndSaysSo() throws Exception {
        executors.remove(executor);
        worker.update(Tasks.update(Tasks.task("t", TaskState.RUNNING)));
        TaskStatus waiting = reports.awaitErrStarting("t", "no executor for it is installed on this node");
        assertThat(waiting.getState()).isEqualTo(TaskState.ASSIGNED);
        executors.add(new FakeExecutor(machine, "2"));
        reports.await("t", TaskState.RUNNING);
    }

    @Test
    void closingLetsGoOfAllWorkloads() throws Exception {
        run("t");
        worker.close();
        assertThat(machine.pid("t")).isPositive();
        assertThat(machine.verbs()).contains("close t").doesNotContain("shutdown t", "terminate t", "remove t");
    }

    @Test
    void nothingIsRemovedBeforeTheFirstCompleteListAndStraysAreAfterIt() throws Exception {
        run("kept", "dropped");
        worker.close();
        machine.prepare("stray", "");
        machine.start("stray");
        restart();
        executors.add(executor);
        worker.update(Tasks.update(Tasks.task("new", TaskState.RUNNING)));
        reports.await("new", TaskState.RUNNING);
        assertThat(machine.verbs()).doesNotContain("remove stray", "remove dropped");

        worker.assign(Tasks.update(Tasks.task("kept", TaskState.RUNNING), Tasks.task("new", TaskState.RUNNING)));

        machine.awaitVerb("remove stray", 1);
        machine.awaitVerb("remove dropped", 1);
        assertThat(worker.awaitRemovals(BOUND)).isTrue();
        assertThat(machine.pid("kept")).isPositive();
    }

    @Test
    void aRemovalThatWasInterruptedByTheEndGoesOnAfterTheFirstCompleteList() throws Exception {
        run("t");
        executors.remove(executor);
        worker.update(Tasks.remove("t"));
        restart();
        executors.add(executor);
        assertThat(machine.verbs()).doesNotContain("remove t");
        worker.assign(List.of());
        machine.awaitVerb("remove t", 1);
    }

    @Test
    void stoppingAllEndsEveryWorkloadAndTakesNoMore() throws Exception {
        run("a", "b");
        assertThat(worker.stopAll(BOUND)).isTrue();
        assertThat(worker.running()).isZero();
        assertThat(machine.verbs()).contains("shutdown a", "shutdown b");
        worker.update(Tasks.update(Tasks.task("c", TaskState.RUNNING)));
        assertThat(worker.knows("c")).isFalse();
        assertThat(worker.statuses().get("a").getState()).isEqualTo(TaskState.SHUTDOWN);
    }

    @Test // rule 6.11.14
    void leavingRemovesEveryTaskAndTakesNoMore() throws Exception {
        run("a", "b");
        assertThat(worker.leave(BOUND)).isTrue();
        assertThat(machine.verbs()).contains("shutdown a", "remove a", "shutdown b", "remove b");
        assertThat(journal.load()).isEmpty();
        worker.update(Tasks.update(Tasks.task("c", TaskState.RUNNING)));
        worker.assign(Tasks.update(Tasks.task("c", TaskState.RUNNING)));
        assertThat(worker.knows("c")).isFalse();
    }

    @Test // rule 6.11.14
    void leavingTakesAlongWhatAnEarlierRunWasRemoving() throws Exception {
        run("t");
        executors.remove(executor);
        worker.update(Tasks.remove("t"));
        reports.awaitErrStarting("t", "no executor is installed on this node to remove its workload");
        assertThat(journal.load().getFirst().assigned()).isFalse();
        restart();
        executors.add(executor);
        assertThat(worker.leave(BOUND)).isTrue();
        assertThat(machine.verbs()).contains("remove t");
        assertThat(journal.load()).isEmpty();
    }

    @Test // rule 6.11.14
    void leavingSaysWhenATaskCannotBeRemoved() throws Exception {
        run("t");
        executors.remove(executor);
        assertThat(worker.leave(Duration.ofMillis(50))).isFalse();
        assertThat(worker.knows("t")).isTrue();
    }
}
