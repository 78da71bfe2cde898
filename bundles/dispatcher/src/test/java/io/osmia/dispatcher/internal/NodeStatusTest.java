package io.osmia.dispatcher.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.Status;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.AssignmentsMessage;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What becomes of nodes that are silent or return (rules 6.2.2, 6.5 and 6.6). */
class NodeStatusTest extends DispatcherScene {

    @Test // DIS-006
    void aSilentNodeIsDownAfterThreePeriodsAndForgotten() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<SessionMessage> session = open("n", "");
        String id = session.messages.getFirst().getSessionId();
        simulation.advance(Duration.ofMillis(14_900));
        beat("n", id);
        simulation.advance(Duration.ofMillis(14_900));
        assertThat(node("n").getStatus().getState()).isEqualTo(NodeStatus.State.READY);

        simulation.advance(Duration.ofMillis(200));

        assertThat(node("n").getStatus().getState()).isEqualTo(NodeStatus.State.DOWN);
        assertThat(node("n").getStatus().getMessage()).isEqualTo("heartbeat failure");
        assertThat(node("n").getStatus().getAddr()).isEqualTo("192.0.2.7");
        assertRefused(beat("n", id).failure, Status.Code.NOT_FOUND, "node not registered");
        assertRefused(session.ended, Status.Code.NOT_FOUND, "node not registered");
    }

    @Test // DIS-031
    void aNewLeaderDoubtsAllNodesForSixPeriods() {
        Objects.create(
                store,
                Objects.node("back", NodeStatus.State.READY),
                Objects.node("silent", NodeStatus.State.DISCONNECTED),
                Objects.node("down", NodeStatus.State.DOWN));
        begin();
        assertThat(node("silent").getStatus().getState()).isEqualTo(NodeStatus.State.UNKNOWN);
        assertThat(node("back").getStatus().getMessage())
                .isEqualTo("Node moved to \"unknown\" state due to leadership change in cluster");
        assertThat(node("down").getStatus().getState()).isEqualTo(NodeStatus.State.DOWN);
        String session = register("back");

        for (int i = 0; i < 3; i++) {
            simulation.advance(PERIOD.multipliedBy(2).minusMillis(1));
            beat("back", session);
        }
        assertThat(node("silent").getStatus().getState()).isEqualTo(NodeStatus.State.UNKNOWN);
        simulation.advance(Duration.ofMillis(3));

        assertThat(node("silent").getStatus().getState()).isEqualTo(NodeStatus.State.DOWN);
        assertThat(node("silent").getStatus().getMessage())
                .isEqualTo("heartbeat failure for node in \"unknown\" state");
        assertThat(node("back").getStatus().getState()).isEqualTo(NodeStatus.State.READY);
    }

    @Test // DIS-032
    void tasksOfANodeThatIsDownForADayAreOrphaned() {
        Objects.create(
                store,
                Objects.node("n", NodeStatus.State.DOWN),
                Objects.task("pending", "n", TaskState.PENDING),
                Objects.task("assigned", "n", TaskState.ASSIGNED),
                Objects.task("running", "n", TaskState.RUNNING),
                Objects.task("failed", "n", TaskState.FAILED));
        begin();
        simulation.advance(Duration.ofHours(24).minusSeconds(1));
        assertThat(state("running")).isEqualTo(TaskState.RUNNING);

        simulation.advance(Duration.ofSeconds(1));

        assertThat(state("running")).isEqualTo(TaskState.ORPHANED);
        assertThat(state("assigned")).isEqualTo(TaskState.ORPHANED);
        assertThat(state("pending")).isEqualTo(TaskState.PENDING);
        assertThat(state("failed")).isEqualTo(TaskState.FAILED);
    }

    @Test // DIS-032
    void aNodeThatReturnsInTimeKeepsItsTasks() {
        Objects.create(
                store, Objects.node("n", NodeStatus.State.DOWN), Objects.task("running", "n", TaskState.RUNNING));
        begin();
        simulation.advance(Duration.ofHours(23));
        String session = register("n");
        for (int i = 0; i < 1000; i++) {
            beat("n", session);
            simulation.advance(Duration.ofSeconds(14));
        }
        assertThat(state("running")).isEqualTo(TaskState.RUNNING);
    }

    @Test // rule 6.6
    void aNodeThatIsDownIsReadyAgainWithItsNextSession() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        register("n");
        simulation.advance(Duration.ofSeconds(15));
        assertThat(node("n").getStatus().getState()).isEqualTo(NodeStatus.State.DOWN);

        register("n");

        assertThat(node("n").getStatus().getState()).isEqualTo(NodeStatus.State.READY);
        assertThat(node("n").getStatus().getMessage()).isEmpty();
    }

    @Test // rule 6.6
    void aNewLeaderStartsTheDayOfADownNodeAnew() {
        Objects.create(
                store, Objects.node("n", NodeStatus.State.DOWN), Objects.task("running", "n", TaskState.RUNNING));
        begin();
        simulation.advance(Duration.ofHours(23));
        dispatching.stop();
        simulation.add("next", make());
        simulation.advance(Duration.ofMinutes(30));
        assertThat(state("running")).isEqualTo(TaskState.RUNNING);
    }

    @Test // rule 6.2.2, and nothing of it is for the tasks to notice
    void aNewLeaderTakesBackWhoReturnsAndChangesNoTask() {
        Objects.create(
                store, Objects.node("n", NodeStatus.State.READY), Objects.task("t", "n", TaskState.RUNNING));
        begin();
        String former = register("n");
        dispatching.stop();
        Task before = store.view().get(Table.TASKS, "t");
        Dispatching next = make();
        simulation.add("next", next);
        simulation.settle();
        assertThat(node("n").getStatus().getState()).isEqualTo(NodeStatus.State.UNKNOWN);

        // rule 6.11.4: the agent brings its session along, which this leader does not know
        RecordingSink<SessionMessage> session = open(next, "n", former);
        RecordingSink<AssignmentsMessage> assignments = new RecordingSink<>();
        next.assignments(caller("n"), session.last().getSessionId(), assignments);
        simulation.advance(Duration.ofSeconds(14));

        assertThat(session.last().getSessionId()).isNotEqualTo(former);
        assertThat(node("n").getStatus().getState()).isEqualTo(NodeStatus.State.READY);
        assertThat(assignments.messages).singleElement().satisfies(message -> {
            assertThat(message.getType()).isEqualTo(AssignmentsMessage.Type.COMPLETE);
            assertThat(message.getChanges(0).getAssignment().getTask()).isEqualTo(before);
        });
        assertThat(store.view().get(Table.TASKS, "t")).isEqualTo(before);
    }

    @Test
    void aPauseOfTheLeaderItselfIsNotTheNodesSilence() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        String session = register("n");
        // What happens when the process is stopped for 40 s: no tick, then one long after its time.
        Instant later = simulation.now().plusSeconds(40);
        dispatching.tick(later);
        assertThat(beatAt("n", session, later).value).isNotNull();
        assertThat(node("n").getStatus().getState()).isEqualTo(NodeStatus.State.READY);

        dispatching.tick(later.plusSeconds(15));
        assertThat(node("n").getStatus().getState()).isEqualTo(NodeStatus.State.DOWN);
    }

    @Test // rule 1.5.4
    void aNodeThatIsDeletedIsForgotten() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<SessionMessage> session = open("n", "");
        String id = session.last().getSessionId();
        store.update(Objects.TERM, tx -> {
            tx.delete(Table.NODES, "n");
            return true;
        });
        simulation.advance(Duration.ofDays(2));
        assertRefused(session.ended, Status.Code.NOT_FOUND, "node not registered");
        assertRefused(beat("n", id).failure, Status.Code.NOT_FOUND, "node not registered");
        assertRefused(open("n", "").ended, Status.Code.UNKNOWN, "node not found");
    }
}
