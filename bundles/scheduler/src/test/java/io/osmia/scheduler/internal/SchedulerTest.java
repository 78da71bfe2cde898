package io.osmia.scheduler.internal;

import static io.osmia.scheduler.internal.Scene.running;
import static io.osmia.scheduler.internal.Scene.spec;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.Version;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SchedulerTest {

    private final Scene scene = new Scene();

    @Test
    @DisplayName("SCH-001")
    void aNodeWithATaskIsNotTheFirstChoice() {
        nodes("n1", "n2", "n3");
        scene.task("s", running("n1"));
        String task = scene.task("s");
        scene.start();
        assertThat(scene.nodeOf(task)).isIn("n2", "n3");
        Task stored = scene.stored(task);
        assertThat(stored.getStatus().getState()).isEqualTo(TaskState.ASSIGNED);
        assertThat(stored.getStatus().getMessage()).isEqualTo("scheduler assigned task to node");
        assertThat(stored.getStatus().getTimestamp().getSeconds()).isPositive();
    }

    @Test
    @DisplayName("SCH-002")
    void updatesOfNodesLeaveTheAccountingAlone() {
        nodes("n1", "n2", "n3");
        scene.task("s", running("n1"));
        scene.task("s", running("n2"));
        scene.start();
        for (String node : List.of("n1", "n2", "n3")) {
            scene.changeNode(node, builder -> builder.getSpecBuilder().getAnnotationsBuilder().putLabels("k", "v"));
        }
        scene.run();
        String task = scene.task("s");
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n3");
    }

    @Test
    @DisplayName("SCH-004")
    void aTaskThatIsPendingAgainIsAssignedAgain() {
        nodes("n1");
        String task = scene.task("s", running("n1"));
        scene.start();
        scene.changeTask(task, builder -> builder.setNodeId("").getStatusBuilder().setState(TaskState.PENDING));
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n1");
        assertThat(scene.stored(task).getStatus().getState()).isEqualTo(TaskState.ASSIGNED);
    }

    @Test
    @DisplayName("SCH-005")
    void aNodeThatIsGoneGetsNothing() {
        nodes("n1");
        scene.task("s", running("n1"));
        scene.start();
        scene.node("n0");
        scene.removeNode("n0");
        String task = scene.task("s");
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n1");
    }

    @Test
    @DisplayName("SCH-006")
    void aNewNodeIsUsed() {
        nodes("n1");
        scene.task("s", running("n1"));
        scene.start();
        scene.node("n2");
        String task = scene.task("s");
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n2");
    }

    @Test
    @DisplayName("SCH-007, SCH-009")
    void aNodeThatIsDownGetsNothing() {
        nodes("n1");
        scene.task("s", running("n1"));
        scene.start();
        scene.node("n2", builder -> builder.getStatusBuilder().setState(NodeStatus.State.DOWN));
        scene.node("n3");
        scene.changeNode("n3", builder -> builder.getStatusBuilder().setState(NodeStatus.State.DOWN));
        String task = scene.task("s");
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n1");
    }

    @Test
    @DisplayName("SCH-021")
    void withoutNodesATaskWaitsUntilThereIsOne() {
        scene.service("s", 1, Map.of());
        String task = scene.task("s");
        scene.start();
        assertThat(scene.error(task)).isEqualTo("no suitable node");
        assertThat(scene.stored(task).getStatus().getState()).isEqualTo(TaskState.PENDING);
        assertThat(scene.stored(task).getStatus().getMessage()).isEqualTo("pending task scheduling");
        scene.node("n1");
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n1");
        assertThat(scene.error(task)).isEmpty();
    }

    @Test
    void theSameReasonIsWrittenOnce() {
        scene.service("s", 1, Map.of());
        scene.task("s");
        scene.start();
        long version = scene.simulation.store().view().version();
        scene.simulation.store().update(1, tx -> tx.create(
                Table.CLUSTERS, io.osmia.wire.swarmkit.Cluster.newBuilder().setId("c").build()));
        scene.run();
        assertThat(scene.simulation.store().view().version()).isEqualTo(version + 1);
    }

    @Test
    @DisplayName("SCH-030")
    void whatIsDeadAtTheStartReservesNothing() {
        scene.node("n1", builder -> builder.getDescriptionBuilder().getResourcesBuilder().setMemoryBytes(1000));
        scene.task("s", builder -> {
            builder.setNodeId("n1").getStatusBuilder().setState(TaskState.FAILED);
            reserve(builder, 900);
        });
        String task = scene.task("s", builder -> reserve(builder, 900));
        scene.start();
        assertThat(scene.nodeOf(task)).isEqualTo("n1");
    }

    @Test
    @DisplayName("SCH-036")
    void aTaskWhoseServiceIsGoneIsForgotten() {
        scene.service("s", 1, Map.of());
        String task = scene.task("s");
        scene.start();
        scene.removeService("s");
        scene.run();
        scene.node("n1");
        scene.run();
        assertThat(scene.nodeOf(task)).isEmpty();
    }

    @Test
    @DisplayName("SCH-037")
    void preassignedTasksAreConfirmedFirst() {
        nodes("n1", "n2");
        String free = scene.task("s");
        List<String> fixed = List.of(
                scene.task("g", builder -> builder.setNodeId("n1")),
                scene.task("g", builder -> builder.setNodeId("n1")));
        scene.start();
        assertThat(scene.nodeOf(free)).isEqualTo("n2");
        assertThat(fixed).allSatisfy(id -> {
            assertThat(scene.stored(id).getStatus().getState()).isEqualTo(TaskState.ASSIGNED);
            assertThat(scene.stored(id).getStatus().getMessage())
                    .isEqualTo("scheduler confirmed task can run on preassigned node");
        });
    }

    @Test
    void aPreassignedTaskThatDoesNotFitSaysWhyAndIsTriedAgain() {
        scene.node("n1", builder -> builder.getStatusBuilder().setState(NodeStatus.State.DOWN));
        String task = scene.task("g", builder -> builder.setNodeId("n1"));
        scene.start();
        assertThat(scene.error(task)).isEqualTo("1 node not available for new tasks");
        assertThat(scene.stored(task).getStatus().getState()).isEqualTo(TaskState.PENDING);
        scene.changeNode("n1", builder -> builder.getStatusBuilder().setState(NodeStatus.State.READY));
        scene.run();
        assertThat(scene.stored(task).getStatus().getState()).isEqualTo(TaskState.ASSIGNED);
        assertThat(scene.error(task)).isEmpty();
    }

    @Test
    @DisplayName("SCH-039")
    void aTaskOfAnOlderSpecThatNobodyWantsAnyMoreIsShutDown() {
        nodes("n1");
        scene.service("s", 1, Map.of());
        scene.task("s", running("n1").andThen(SchedulerTest::one).andThen(spec(1)));
        String old = scene.task("s", spec(1).andThen(SchedulerTest::one));
        scene.start();
        assertThat(scene.error(old)).isEqualTo("no suitable node (max replicas per node limit exceed)");
        scene.changeService("s", service -> service.toBuilder()
                .setSpecVersion(Version.newBuilder().setIndex(2))
                .build());
        String next = scene.task("s", spec(2).andThen(SchedulerTest::one));
        scene.changeTask(old, builder -> builder.setDesiredState(TaskState.SHUTDOWN));
        scene.run();
        assertThat(scene.stored(old).getStatus().getState()).isEqualTo(TaskState.SHUTDOWN);
        assertThat(scene.error(old)).isEmpty();
        assertThat(scene.nodeOf(next)).isEmpty();
        scene.simulation.store().view().find(Table.TASKS, io.osmia.store.By.node("n1")).forEach(
                task -> scene.state(task.getId(), TaskState.SHUTDOWN));
        scene.run();
        assertThat(scene.nodeOf(next)).isEqualTo("n1");
    }

    @Test
    void aTaskThatNobodyWantsIsNotAssigned() {
        nodes("n1");
        scene.start();
        String task = scene.task("s", builder -> builder.setDesiredState(TaskState.SHUTDOWN));
        scene.run();
        assertThat(scene.nodeOf(task)).isEmpty();
        assertThat(scene.stored(task).getStatus().getState()).isEqualTo(TaskState.SHUTDOWN);
    }

    @Test
    void aLoneTaskIsAssignedWithoutDelay() {
        nodes("n1");
        scene.start();
        String task = scene.task("s");
        scene.simulation.settle();
        assertThat(scene.nodeOf(task)).isEqualTo("n1");
    }

    @Test
    void tasksInQuickSuccessionAreGathered() {
        nodes("n1");
        scene.start();
        scene.task("s");
        scene.simulation.settle();
        String second = scene.task("s");
        scene.simulation.settle();
        assertThat(scene.nodeOf(second)).isEmpty();
        scene.simulation.advance(Scheduler.SPACING);
        assertThat(scene.nodeOf(second)).isEqualTo("n1");
    }

    @Test
    void newTasksAreNotYetItsBusiness() {
        nodes("n1");
        scene.start();
        String task = scene.task("s", builder -> builder.getStatusBuilder().setState(TaskState.NEW));
        scene.run();
        assertThat(scene.nodeOf(task)).isEmpty();
        scene.state(task, TaskState.PENDING);
        scene.run();
        assertThat(scene.nodeOf(task)).isEqualTo("n1");
    }

    @Test
    void whatAnotherLeaderMustWriteIsTriedAgain() {
        nodes("n1");
        scene.start();
        String task = scene.task("s");
        scene.simulation.store().requireTerm(2);
        scene.simulation.settle();
        assertThat(scene.nodeOf(task)).isEmpty();
        scene.simulation.store().requireTerm(1);
        scene.simulation.advance(Duration.ofSeconds(2));
        assertThat(scene.nodeOf(task)).isEqualTo("n1");
    }

    static void one(Task.Builder builder) {
        builder.getSpecBuilder().getPlacementBuilder().setMaxReplicas(1);
    }

    static void reserve(Task.Builder builder, long memory) {
        builder.getSpecBuilder().getResourcesBuilder().getReservationsBuilder().setMemoryBytes(memory);
    }

    private void nodes(String... ids) {
        List.of(ids).forEach(scene::node);
    }
}
