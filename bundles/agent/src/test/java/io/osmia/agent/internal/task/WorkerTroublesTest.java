package io.osmia.agent.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.agent.internal.journal.TaskJournal;
import io.osmia.api.executor.Recovery;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong around tasks, and what becomes of it when it is right again. */
class WorkerTroublesTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private final FakeMachine machine = new FakeMachine();
    private Executors executors = new Executors();
    private FakeExecutor executor = new FakeExecutor(machine, "1");
    private RecordingReports reports = new RecordingReports();
    private Worker worker;

    @BeforeEach
    void begin() throws IOException {
        executors.add(executor);
        startWorker(CrashPoint.Watcher.NOBODY);
    }

    private void startWorker(CrashPoint.Watcher watcher) throws IOException {
        worker = new Worker("me", new TaskJournal(directory.resolve("tasks")), executors, reports, () -> Instant.EPOCH,
                Duration.ofMillis(20), watcher, Worker.Parting.DEFAULT);
        worker.start();
    }

    /** Another process on the same machine, where no executor is yet. */
    private void restart() throws IOException {
        worker.close();
        executors = new Executors();
        executor = new FakeExecutor(machine, "1");
        reports = new RecordingReports();
        startWorker(CrashPoint.Watcher.NOBODY);
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

    private long count(String verb) {
        return machine.verbs().stream().filter(verb::equals).count();
    }

    @Test
    void aRunnerThatFailsGoesOn() throws Exception {
        worker.close();
        AtomicBoolean failed = new AtomicBoolean();
        startWorker((point, taskId) -> {
            if (point == CrashPoint.WORKLOAD_PREPARED && !failed.getAndSet(true)) {
                throw new OutOfMemoryError("unable to create native thread");
            }
        });
        run("t");
        assertThat(failed).isTrue();
        worker.update(Tasks.update(Tasks.task("t", TaskState.SHUTDOWN)));
        reports.await("t", TaskState.SHUTDOWN);
    }

    @Test
    void theErrorOfAMissingExecutorIsTakenBackWhenOneHasCome() throws Exception {
        run("t");
        for (int times = 1; times <= 2; times++) {
            executors.remove(executor);
            reports.awaitErrs("t", "no executor for it is installed on this node", times);
            executor = new FakeExecutor(machine, "1");
            executors.add(executor);
            TaskStatus well = reports.awaitWellAfter("t", "no executor for it is installed on this node", times);
            assertThat(well.getState()).isEqualTo(TaskState.RUNNING);
        }
    }

    @Test
    void theErrorOfAJournalThatCannotBeWrittenIsTakenBackWhenItCan() throws Exception {
        run("t");
        Path journal = directory.resolve("tasks");
        Path away = directory.resolve("away");
        Files.move(journal, away);
        Task changed = Tasks.task("t", TaskState.RUNNING).toBuilder().setSlot(2).build();
        worker.update(Tasks.update(changed));
        reports.awaitErrStarting("t", "the task journal cannot be written");
        Files.move(away, journal);
        reports.awaitWellAfter("t", "the task journal cannot be written", 1);
        machine.awaitVerb("await t", 2);
    }

    @Test
    void stoppingAllTakesAlongWhatAnEarlierRunWasRemoving() throws Exception {
        run("t");
        executors.remove(executor);
        worker.update(Tasks.remove("t"));
        reports.awaitErrStarting("t", "no executor is installed on this node to remove its workload");
        restart();
        executors.add(executor);
        assertThat(worker.stopAll(BOUND)).isTrue();
        assertThat(machine.pid("t")).isZero();
    }

    @Test
    void aWorkloadWhoseStatusWasLostWithThePowerIsNotStartedAgain() throws Exception {
        run("t");
        worker.close();
        machine.remove("t");
        Files.write(directory.resolve("tasks/t.status"), new byte[0]);
        restart();
        executors.add(executor);
        worker.assign(Tasks.assigned("t"));
        assertThat(reports.await("t", TaskState.FAILED).getErr()).isEqualTo("workload is gone");
        assertThat(machine.started()).isEqualTo(1);
    }

    @Test
    void aStrayWhoseIdWouldLeaveTheFolderIsLeftAlone() throws Exception {
        machine.prepare("../x", "");
        machine.prepare("stray", "");
        worker.assign(List.of());
        machine.awaitVerb("remove stray", 1);
        assertThat(worker.knows("../x")).isFalse();
        assertThat(machine.verbs()).doesNotContain("remove ../x");
        assertThat(directory.resolve("x.task")).doesNotExist();
    }

    @Test
    void anEndedTaskWhoseHandleIsNotKnownAnyMoreIsRemovedByTheOneThatIsListed() throws Exception {
        run("t", "lost");
        machine.exit("t", 3);
        machine.exit("lost", 3);
        reports.await("t", TaskState.FAILED);
        reports.await("lost", TaskState.FAILED);
        executors.remove(executor);
        machine.remove("lost");
        executor = new FakeExecutor(machine, "2");
        executor.handles = 2;
        executors.add(executor);
        worker.update(Tasks.remove("t", "lost"));
        assertThat(worker.awaitRemovals(BOUND)).isTrue();
        assertThat(machine.verbs()).contains("remove t").doesNotContain("remove lost");
        assertThat(worker.knows("t")).isFalse();
    }

    @Test
    void whatARemovalThatWasGivenUpStillBringsIsNotUsed() throws Exception {
        run("t");
        executors.remove(executor);
        restart();
        executor.recovery = new Recovery.Unknown("not yet");
        executor.stick("controller", true);
        executors.add(executor);
        worker.assign(List.of());
        machine.awaitVerb("controller t", 1);
        executors.remove(executor);
        executor.free("controller");
        assertThat(executor.makes.join(BOUND)).isTrue();
        executors.add(new FakeExecutor(machine, "2"));
        assertThat(worker.awaitRemovals(BOUND)).isTrue();
        assertThat(count("remove t")).isEqualTo(1);
    }

    @Test
    void aTaskThatHasEndedHoldsNoExecutor() throws Exception {
        run("t");
        machine.exit("t", 3);
        reports.await("t", TaskState.FAILED);
        machine.awaitVerb("close t", 1);
        worker.update(Tasks.remove("t"));
        assertThat(worker.awaitRemovals(BOUND)).isTrue();
        assertThat(count("remove t")).isEqualTo(1);
    }

    @Test
    void closingDoesNotWaitForRemovalsThatHaveNotBegun() throws Exception {
        run("t");
        executors.remove(executor);
        worker.update(Tasks.remove("t"));
        reports.awaitErrStarting("t", "no executor is installed on this node to remove its workload");
        restart();
        long begun = System.nanoTime();
        worker.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void anExecutorIsHeldWhileItCannotSayWhatBecameOfAWorkload() throws Exception {
        run("t");
        restart();
        executor.recovery = new Recovery.Unknown("the engine is away");
        executors.add(executor);
        machine.awaitVerb("recover t", 4);
        assertThat(count("close t")).isEqualTo(1);
        executor.recovery = null;
        machine.awaitVerb("await t", 2);
        assertThat(reports.states("t")).isEmpty();
    }

    @Test
    void anExecutorThatLeavesWithoutHavingSaidWhatBecameOfAWorkloadIsFollowedByTheNext() throws Exception {
        run("t");
        restart();
        executor.recovery = new Recovery.Unknown("the engine is away");
        executors.add(executor);
        machine.awaitVerb("recover t", 2);
        executors.remove(executor);
        executors.add(new FakeExecutor(machine, "2"));
        machine.awaitVerb("await t", 2);
        assertThat(reports.states("t")).isEmpty();
    }
}
