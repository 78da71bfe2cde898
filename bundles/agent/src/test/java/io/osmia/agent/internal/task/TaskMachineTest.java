package io.osmia.agent.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskMachineTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static TaskStatus in(TaskState state) {
        return TaskStatus.newBuilder().setState(state).setMessage("before").build();
    }

    @ParameterizedTest // rule 6.14.2, AGT-024, AGT-025, AGT-026
    @CsvSource({
        "ASSIGNED, RUNNING, ACCEPT",
        "ACCEPTED, RUNNING, BEGIN_PREPARE",
        "PREPARING, RUNNING, PREPARE",
        "READY, RUNNING, BEGIN_START",
        "STARTING, RUNNING, START",
        "RUNNING, RUNNING, AWAIT",
        "RUNNING, COMPLETE, AWAIT",
        "COMPLETE, RUNNING, REST",
        "FAILED, RUNNING, REST",
        "READY, READY, REST",
        "PREPARING, READY, PREPARE",
        "STARTING, READY, REST",
        "NEW, SHUTDOWN, SHUTDOWN",
        "RUNNING, SHUTDOWN, SHUTDOWN",
        "RUNNING, REMOVE, SHUTDOWN",
        "COMPLETE, SHUTDOWN, REST",
        "SHUTDOWN, REMOVE, REST",
        "FAILED, REMOVE, REST",
        "REJECTED, SHUTDOWN, REST"
    })
    void theNextStepFollowsFromStateAndDesiredState(TaskState state, TaskState desired, Step step) {
        assertThat(TaskMachine.next(state, desired)).isEqualTo(step);
    }

    @Test // AGT-021
    void successLeadsToTheStepsStateAndClearsTheError() {
        TaskStatus before = in(TaskState.STARTING).toBuilder().setErr("earlier").build();
        TaskStatus after = TaskMachine.after(before, Step.START, new Outcome.Done(), NOW);
        assertThat(after.getState()).isEqualTo(TaskState.RUNNING);
        assertThat(after.getMessage()).isEqualTo("started");
        assertThat(after.getErr()).isEmpty();
        assertThat(after.getTimestamp().getSeconds()).isEqualTo(NOW.getEpochSecond());
    }

    @ParameterizedTest // rule 6.14.3, AGT-020
    @CsvSource({"PREPARING, PREPARE, REJECTED", "STARTING, START, FAILED", "RUNNING, AWAIT, FAILED"})
    void failureRejectsBeforeStartingAndFailsFromThenOn(TaskState state, Step step, TaskState result) {
        TaskStatus after = TaskMachine.after(in(state), step, new Outcome.Failed("why", false), NOW);
        assertThat(after.getState()).isEqualTo(result);
        assertThat(after.getErr()).isEqualTo("why");
        assertThat(after.getMessage()).isEqualTo("before");
    }

    @Test // AGT-027
    void aTemporaryFailureIsRecordedAndTheStateStays() {
        TaskStatus after =
                TaskMachine.after(in(TaskState.PREPARING), Step.PREPARE, new Outcome.Failed("why", true), NOW);
        assertThat(after.getState()).isEqualTo(TaskState.PREPARING);
        assertThat(after.getErr()).isEqualTo("why");
    }

    @Test
    void whatWasCancelledIsNotRecorded() {
        TaskStatus before = in(TaskState.RUNNING);
        assertThat(TaskMachine.after(before, Step.AWAIT, new Outcome.Cancelled(), NOW)).isSameAs(before);
    }

    @Test // AGT-022
    void aNonZeroExitFailsWithItsCode() {
        TaskExit exit = new TaskExit(OptionalInt.of(137), "", NOW);
        TaskStatus after = TaskMachine.after(in(TaskState.RUNNING), Step.AWAIT, new Outcome.Exited(exit), NOW);
        assertThat(after.getState()).isEqualTo(TaskState.FAILED);
        assertThat(after.getErr()).isEqualTo("task: non-zero exit (137)");
        assertThat(after.getContainer().getExitCode()).isEqualTo(137);
    }

    @Test
    void aCleanExitCompletes() {
        TaskExit exit = new TaskExit(OptionalInt.of(0), "", NOW);
        TaskStatus after = TaskMachine.after(in(TaskState.RUNNING), Step.AWAIT, new Outcome.Exited(exit), NOW);
        assertThat(after.getState()).isEqualTo(TaskState.COMPLETE);
        assertThat(after.getMessage()).isEqualTo("finished");
    }

    @Test
    void anUnknownExitStatusIsNotInvented() {
        TaskExit exit = new TaskExit(OptionalInt.empty(), "exit status unknown", NOW);
        TaskStatus after = TaskMachine.after(in(TaskState.RUNNING), Step.AWAIT, new Outcome.Exited(exit), NOW);
        assertThat(after.getState()).isEqualTo(TaskState.FAILED);
        assertThat(after.getErr()).isEqualTo("exit status unknown");
        assertThat(after.hasContainer()).isFalse();
    }

    @ParameterizedTest // AGT-017
    @CsvSource({
        "ASSIGNED, REJECTED", "PREPARING, REJECTED", "STARTING, FAILED", "RUNNING, FAILED", "COMPLETE, COMPLETE"
    })
    void aTaskWithoutControllerIsRejectedOrFails(TaskState state, TaskState result) {
        TaskStatus after = TaskMachine.unresolved(in(state), "why", NOW);
        assertThat(after.getState()).isEqualTo(result);
        assertThat(after.getMessage()).isEqualTo("resolving controller failed");
        assertThat(after.getErr()).isEqualTo("why");
    }

    @Test // rule 6.14.5
    void theWorkloadIsShownFromStartingOn() {
        TaskController.Status workload = new TaskController.Status("name", OptionalLong.of(42), NOW);
        assertThat(TaskMachine.with(in(TaskState.READY), workload).hasContainer()).isFalse();
        assertThat(TaskMachine.with(in(TaskState.REJECTED), workload).hasContainer()).isFalse();
        TaskStatus after = TaskMachine.with(in(TaskState.RUNNING), workload);
        assertThat(after.getContainer().getContainerId()).isEqualTo("name");
        assertThat(after.getContainer().getPid()).isEqualTo(42);
    }

    @ParameterizedTest
    @CsvSource({
        "READY, RUNNING, running, RUNNING",
        "STARTING, RUNNING, running, RUNNING",
        "RUNNING, RUNNING, running, RUNNING",
        "RUNNING, RUNNING, exited, FAILED",
        "RUNNING, SHUTDOWN, exited, RUNNING",
        "READY, RUNNING, prepared, READY",
        "STARTING, RUNNING, prepared, STARTING",
        "RUNNING, RUNNING, prepared, FAILED",
        "READY, RUNNING, gone, READY",
        "STARTING, RUNNING, gone, FAILED",
        "RUNNING, RUNNING, gone, FAILED",
        "RUNNING, SHUTDOWN, gone, RUNNING",
        "RUNNING, RUNNING, unknown, RUNNING"
    })
    void aRecoveredTaskGoesOnFromWhatWasFound(TaskState state, TaskState desired, String found, TaskState result) {
        Recovery recovery = switch (found) {
            case "running" -> new Recovery.Running();
            case "exited" -> new Recovery.Exited(new TaskExit(OptionalInt.of(1), "", NOW));
            case "prepared" -> new Recovery.Prepared();
            case "gone" -> new Recovery.Gone();
            default -> new Recovery.Unknown("busy");
        };
        TaskStatus after = TaskMachine.recovered(in(state), recovery, desired, NOW);
        assertThat(after.getState()).isEqualTo(result);
        if (found.equals("gone") && result == TaskState.FAILED) {
            assertThat(after.getErr()).isEqualTo("workload is gone");
        }
    }
}
