package io.osmia.agent.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.agent.internal.journal.TaskJournal;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The node is killed at each step of a task, and the next start goes on from there. */
class CrashPointTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private final FakeMachine machine = new FakeMachine();
    private final CountDownLatch crashed = new CountDownLatch(1);
    private Worker worker;

    @AfterEach
    void end() {
        worker.close();
    }

    private RecordingReports start(CrashPoint.Watcher watcher) throws IOException {
        Executors executors = new Executors();
        executors.add(new FakeExecutor(machine, "1"));
        RecordingReports reports = new RecordingReports();
        worker = new Worker("me", new TaskJournal(directory), executors, reports, () -> Instant.EPOCH,
                Duration.ofMillis(20), watcher, Worker.Parting.DEFAULT);
        worker.start();
        return reports;
    }

    private CrashPoint.Watcher killing(CrashPoint where) {
        return (point, taskId) -> {
            if (point == where) {
                crashed.countDown();
                // Nothing that the runner would do after it happens.
                throw new InterruptedException("killed at " + point);
            }
        };
    }

    private void awaitCrash(CrashPoint point) throws InterruptedException {
        assertThat(crashed.await(BOUND.toSeconds(), TimeUnit.SECONDS)).as("task came by %s", point).isTrue();
        worker.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"REMOVAL_JOURNALLED", "WORKLOAD_REMOVED"})
    void theWorkloadIsStartedOnceAndItsEndIsReportedWithItsCode(CrashPoint point) throws Exception {
        start(killing(point));
        worker.update(Tasks.update(Tasks.task("t", TaskState.RUNNING)));
        boolean ends = point.compareTo(CrashPoint.END_SEEN) >= 0;
        if (ends) {
            machine.awaitVerb("await t", 1);
            machine.exit("t", 5);
        }
        awaitCrash(point);

        RecordingReports reports = start(CrashPoint.Watcher.NOBODY);
        worker.assign(Tasks.update(Tasks.task("t", TaskState.RUNNING)));
        if (!ends) {
            // It waits for the workload, however it got there.
            machine.await("it runs", now -> now.pid("t") > 0 && now.verbs().getLast().equals("await t"));
            assertThat(worker.statuses().get("t").getState()).isEqualTo(TaskState.RUNNING);
            machine.exit("t", 5);
        }
        TaskStatus failed = point == CrashPoint.END_JOURNALLED || point == CrashPoint.END_REPORTED
                ? worker.statuses().get("t") // told again with every registration
                : reports.await("t", TaskState.FAILED);
        assertThat(failed.getState()).isEqualTo(TaskState.FAILED);
        assertThat(failed.getContainer().getExitCode()).isEqualTo(5);
        assertThat(machine.started()).isEqualTo(1);
        assertThat(reports.states("t").stream().filter(TaskMachine::ended)).hasSizeLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"REMOVAL_JOURNALLED", "WORKLOAD_REMOVED"})
    void aRemovalIsBroughtToItsEnd(CrashPoint point) throws Exception {
        start(killing(point));
        worker.update(Tasks.update(Tasks.task("t", TaskState.RUNNING)));
        machine.awaitVerb("await t", 1);
        worker.update(Tasks.remove("t"));
        awaitCrash(point);

        start(CrashPoint.Watcher.NOBODY);
        worker.assign(List.of());
        assertThat(worker.awaitRemovals(BOUND)).isTrue();
        assertThat(machine.pid("t")).isZero();
        assertThat(new TaskJournal(directory).load()).isEmpty();
    }
}
