package io.osmia.dispatcher.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.Status;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import io.osmia.wire.swarmkit.UpdateTaskStatusResponse;
import org.junit.jupiter.api.Test;

/** What agents report of tasks (rule 6.7). */
class TaskStatusTest extends DispatcherScene {

    @Test // DIS-022
    void reportsAreStoredWithWhoAppliedThemAndWhen() {
        Objects.create(
                store, Objects.node("n", NodeStatus.State.READY), Objects.task("t", "n", TaskState.ASSIGNED));
        begin();
        String session = register("n");

        RecordingAnswer<UpdateTaskStatusResponse> answer = report("n", session, "t", TaskState.RUNNING);

        assertThat(answer.completed).isTrue();
        TaskStatus stored = store.view().get(Table.TASKS, "t").getStatus();
        assertThat(stored.getState()).isEqualTo(TaskState.RUNNING);
        assertThat(stored.getAppliedBy()).isEqualTo("leader");
        assertThat(stored.getAppliedAt().getSeconds()).isEqualTo(START.getEpochSecond());
    }

    @Test // DIS-024
    void aLowerStateIsIgnoredAndAnEqualReportWritesNothing() {
        Objects.create(
                store, Objects.node("n", NodeStatus.State.READY), Objects.task("t", "n", TaskState.ASSIGNED));
        begin();
        String session = register("n");
        report("n", session, "t", TaskState.RUNNING);
        long version = store.view().version();

        report("n", session, "t", TaskState.STARTING);
        report("n", session, "t", TaskState.RUNNING);

        assertThat(state("t")).isEqualTo(TaskState.RUNNING);
        assertThat(store.view().version()).isEqualTo(version);
    }

    @Test // DIS-025
    void aReportNeedsTheSessionAndTheNodesOwnTask() {
        Objects.create(
                store,
                Objects.node("n", NodeStatus.State.READY),
                Objects.node("m", NodeStatus.State.READY),
                Objects.task("t", "n", TaskState.ASSIGNED));
        begin();
        String session = register("n");
        String other = register("m");

        assertRefused(
                report("n", "wrong", "t", TaskState.RUNNING).failure,
                Status.Code.INVALID_ARGUMENT,
                "session invalid");
        assertRefused(
                report("m", other, "t", TaskState.RUNNING).failure,
                Status.Code.PERMISSION_DENIED,
                "cannot update a task not assigned this node");
        assertThat(report("n", session, "unknown", TaskState.RUNNING).completed).isTrue();
        assertThat(state("t")).isEqualTo(TaskState.ASSIGNED);
    }
}
