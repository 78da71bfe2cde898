package io.osmia.dispatcher.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.AssignmentsMessage;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TasksMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What agents are told to run, and at what pace (rules 6.9 and 6.10). */
class AssignmentStreamTest extends DispatcherScene {

    @Test // DIS-014
    void aSecretThatChangesOrGoesWhileItIsUsedIsNotSent() {
        Objects.create(
                store,
                Objects.node("n", NodeStatus.State.READY),
                Objects.secret("s"),
                Objects.using(Objects.task("a", "n", TaskState.RUNNING), List.of("s"), List.of()));
        begin();
        RecordingSink<AssignmentsMessage> assignments = follow("n", register("n"));
        store.update(Objects.TERM, tx -> {
            Secret.Builder secret = tx.get(Table.SECRETS, "s").toBuilder();
            secret.getSpecBuilder().getAnnotationsBuilder().putLabels("new", "label");
            return tx.update(Table.SECRETS, secret.build());
        });
        simulation.settle();
        store.update(Objects.TERM, tx -> {
            tx.delete(Table.SECRETS, "s");
            return true;
        });
        simulation.settle();
        assertThat(assignments.messages).hasSize(1);
    }

    @Test
    void anAgentThatDoesNotReadGetsTheFinalStateOnceItDoes() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<AssignmentsMessage> assignments = follow("n", register("n"));
        assignments.reading = false;
        for (int i = 0; i < 50; i++) {
            Objects.create(store, Objects.task("t" + i, "n", TaskState.ASSIGNED));
            simulation.settle();
        }
        simulation.advance(Duration.ofSeconds(1));
        assertThat(assignments.messages).hasSize(1);

        assignments.reading = true;
        simulation.settle();

        assertThat(assignments.messages).hasSize(2);
        assertThat(assignments.last().getChangesList()).hasSize(50);
    }

    @Test
    void aSingleChangeIsSentAtOnceAndACrowdAtMostTenTimesASecond() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<AssignmentsMessage> assignments = follow("n", register("n"));

        Objects.create(store, Objects.task("single", "n", TaskState.ASSIGNED));
        simulation.settle();
        assertThat(assignments.messages).hasSize(2);

        Object[] crowd = new Object[60];
        for (int i = 0; i < crowd.length; i++) {
            crowd[i] = Objects.task("crowd" + i, "n", TaskState.ASSIGNED);
        }
        Objects.create(store, crowd);
        simulation.settle();
        assertThat(assignments.messages).hasSize(3);

        Objects.create(store, Objects.task("late", "n", TaskState.ASSIGNED));
        simulation.settle();
        assertThat(assignments.messages).hasSize(3);
        simulation.advance(Duration.ofMillis(100));
        assertThat(assignments.messages).hasSize(4);
    }

    @Test // rule 6.10
    void theLegacyStreamSendsWholeLists() {
        Objects.create(
                store, Objects.node("n", NodeStatus.State.READY), Objects.task("a", "n", TaskState.RUNNING));
        begin();
        RecordingSink<TasksMessage> tasks = new RecordingSink<>();
        dispatching.tasks(caller("n"), register("n"), tasks);
        Objects.setState(store, "a", TaskState.FAILED);
        simulation.settle();
        assertThat(tasks.messages).hasSize(1);

        Objects.create(
                store, Objects.task("b", "n", TaskState.ASSIGNED), Objects.task("c", "n", TaskState.PENDING));
        simulation.settle();

        assertThat(tasks.messages).hasSize(2);
        assertThat(tasks.last().getTasksList()).extracting(Task::getId).containsExactly("a", "b");
    }

    @Test
    void aClientThatHasGoneIsForgotten() {
        Objects.create(store, Objects.node("n", NodeStatus.State.READY));
        begin();
        RecordingSink<AssignmentsMessage> assignments = follow("n", register("n"));
        dispatching.cancelled(assignments, simulation.now());
        Objects.create(store, Objects.task("a", "n", TaskState.ASSIGNED));
        simulation.settle();
        assertThat(assignments.messages).hasSize(1);
    }
}
