package io.osmia.orchestrator.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.loop.Simulation;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.RestartPolicy.RestartCondition;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of tasks when nodes go down, are drained, paused, activated or removed, and when the leader changes. */
class NodeLossTest {

    private final Scene scene = new Scene();

    @BeforeEach
    void nodes() {
        scene.replicated().global().reaper().workers();
        scene.node("a");
        scene.node("b");
    }

    private List<String> nodesOf(String service) {
        return scene.live(service).stream().map(Task::getNodeId).sorted().toList();
    }

    private List<Task> everything() {
        return scene.sim.store().view().find(Table.TASKS, By.ALL);
    }

    @Test // 12.3.3, without the restart delay
    void theTasksOfANodeThatWentDownRunElsewhereAtOnce() {
        String web = scene.service("web", 4, Scene.restart(Scene.policy(RestartCondition.ANY, Duration.ofSeconds(30))));
        assertThat(nodesOf(web)).containsExactly("a", "a", "b", "b");

        scene.down("a");

        assertThat(nodesOf(web)).containsExactly("b", "b", "b", "b");
        assertThat(scene.live(web)).allMatch(t -> t.getStatus().getState() == TaskState.RUNNING);
    }

    @Test // rule 3.4.4
    void aTaskThatFailsOnAHealthyNodeStillWaits() {
        String web = scene.service("web", 1, Scene.restart(Scene.policy(RestartCondition.ANY, Duration.ofSeconds(30))));
        scene.observe(scene.live(web, 1).getId(), TaskState.FAILED);
        scene.sim.advance(Duration.ofSeconds(29));
        assertThat(scene.live(web, 1).getDesiredState()).isEqualTo(TaskState.READY);
        scene.sim.advance(Duration.ofSeconds(1));
        assertThat(scene.live(web, 1).getDesiredState()).isEqualTo(TaskState.RUNNING);
    }

    @Test // 12.3.4
    void aNodeThatReturnsStopsItsOldTasksAndGetsNoneBack() {
        String web = scene.service("web", 2);
        scene.down("a");
        List<Task> old = everything().stream().filter(t -> t.getNodeId().equals("a")).toList();
        assertThat(old).isNotEmpty().allMatch(t -> t.getStatus().getState() == TaskState.RUNNING);

        scene.node("a");

        old.forEach(t -> assertThat(scene.task(t.getId()).getStatus().getState()).isEqualTo(TaskState.SHUTDOWN));
        assertThat(nodesOf(web)).containsExactly("b", "b");
    }

    @Test // 12.3.5
    void aDrainMovesReplicasWithoutDelayAndEndsGlobalTasks() {
        String web = scene.service("web", 2, Scene.restart(Scene.policy(RestartCondition.ANY, Duration.ofSeconds(30))));
        String agent = scene.globalService("agent");
        assertThat(nodesOf(agent)).containsExactly("a", "b");

        scene.drain("a");

        assertThat(nodesOf(web)).containsExactly("b", "b");
        assertThat(scene.live(web)).allMatch(t -> t.getStatus().getState() == TaskState.RUNNING);
        assertThat(nodesOf(agent)).containsExactly("b");
        assertThat(everything())
                .filteredOn(t -> t.getNodeId().equals("a"))
                .allMatch(t -> t.getStatus().getState() == TaskState.SHUTDOWN);
    }

    @Test // rule 3.1.6
    void aPauseMovesNothingAndANewTaskGoesElsewhere() {
        String web = scene.service("web", 2);
        List<Task> before = scene.live(web);
        scene.pause("a");
        assertThat(scene.live(web)).isEqualTo(before);
        scene.update(web, Scene.replicas(3));
        assertThat(nodesOf(web)).containsExactly("a", "b", "b");
    }

    @Test // 12.3.4
    void activatingANodeAgainMovesNothingBackButGlobalTasksReturn() {
        String web = scene.service("web", 2);
        String agent = scene.globalService("agent");
        scene.drain("a");
        List<Task> moved = scene.live(web);
        scene.node("a");
        assertThat(scene.live(web)).isEqualTo(moved);
        assertThat(nodesOf(agent)).containsExactly("a", "b");
    }

    @Test // rule 1.5.4
    void removingANodeByForceReplacesItsTasksAtOnceAndLeavesNone() {
        String web = scene.service("web", 2, Scene.restart(Scene.policy(RestartCondition.ANY, Duration.ofSeconds(30))));
        String agent = scene.globalService("agent");
        scene.write(tx -> {
            for (Task task : tx.find(Table.TASKS, By.node("a"))) {
                Task.Builder orphan = task.toBuilder();
                orphan.getStatusBuilder().setState(TaskState.ORPHANED);
                tx.update(Table.TASKS, orphan.build());
            }
            tx.delete(Table.NODES, "a");
        });
        assertThat(nodesOf(web)).containsExactly("b", "b");
        assertThat(scene.live(web)).allMatch(t -> t.getStatus().getState() == TaskState.RUNNING);
        assertThat(nodesOf(agent)).containsExactly("b");
    }

    /** Another manager takes the same state up. */
    private Scene nextLeader() {
        Scene next = new Scene();
        next.write(tx -> {
            scene.sim.store().view().find(Table.NODES, By.ALL).forEach(node -> {
                Node.Builder doubted = node.toBuilder();
                if (node.getStatus().getState() != NodeStatus.State.DOWN) {
                    // rule 6.2.2
                    doubted.getStatusBuilder().setState(NodeStatus.State.UNKNOWN);
                }
                tx.create(Table.NODES, doubted.build());
            });
            scene.sim.store().view().find(Table.SERVICES, By.ALL).forEach(s -> tx.create(Table.SERVICES, s));
            everything().forEach(t -> tx.create(Table.TASKS, t));
        });
        return next.replicated().global().reaper();
    }

    private static List<Task> bare(Simulation sim) {
        return sim.store().view().find(Table.TASKS, By.ALL).stream()
                .map(t -> t.toBuilder().clearMeta().build())
                .toList();
    }

    @Test // DIS-031
    void aNewLeaderRestartsNothingWhileItDoubtsAllNodes() {
        scene.service("web", 5);
        scene.globalService("agent");
        List<Task> before = bare(scene.sim);

        Scene next = nextLeader().workers();
        next.sim.advance(Duration.ofMinutes(10));
        assertThat(bare(next.sim)).isEqualTo(before);

        next.node("a");
        next.node("b");
        next.sim.advance(Duration.ofMinutes(10));
        assertThat(bare(next.sim)).isEqualTo(before);
    }

    @Test
    void aPromotionOrDemotionRestartsNothing() {
        scene.service("web", 4);
        scene.globalService("agent");
        List<Task> before = bare(scene.sim);
        for (NodeRole role : new NodeRole[] {NodeRole.MANAGER, NodeRole.WORKER}) {
            scene.write(tx -> {
                Node.Builder node = tx.get(Table.NODES, "a").toBuilder().setRole(role);
                node.getSpecBuilder().setDesiredRole(role);
                tx.update(Table.NODES, node.build());
            });
            scene.sim.advance(Duration.ofMinutes(1));
            assertThat(bare(scene.sim)).isEqualTo(before);
        }
    }

    @Test // rule 3.8, without the restart delay as for a task that is replaced now
    void aNewLeaderStartsTheReplacementsOfADownNodeAtOnce() {
        String web = scene.service("web", 1, Scene.restart(Scene.policy(RestartCondition.ANY, Duration.ofSeconds(30))));
        Scene next = new Scene();
        next.node("a", NodeStatus.State.DOWN, NodeSpec.Availability.ACTIVE);
        next.write(tx -> tx.create(Table.SERVICES, scene.get(web)));
        next.stored("old", web, 1, "a", TaskState.SHUTDOWN, TaskState.RUNNING);
        next.stored("new", web, 1, "", TaskState.READY, TaskState.NEW);
        next.change("new", t -> t.setSpec(scene.get(web).getSpec().getTask()));

        next.replicated();

        assertThat(next.task("new").getDesiredState()).isEqualTo(TaskState.RUNNING);
    }
}
