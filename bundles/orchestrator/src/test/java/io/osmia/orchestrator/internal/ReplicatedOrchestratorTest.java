package io.osmia.orchestrator.internal;

import static io.osmia.orchestrator.internal.Scene.replicas;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReplicatedOrchestratorTest {

    private final Scene scene = new Scene();

    @Test
    @DisplayName("REP-001")
    void aServiceThatWasThereBeforeGetsItsTasks() {
        String web = scene.service("web", 2);
        scene.replicated();
        assertThat(scene.tasks(web)).extracting(Task::getSlot).containsExactlyInAnyOrder(1L, 2L);
        assertThat(scene.tasks(web)).allSatisfy(t -> {
            assertThat(t.getDesiredState()).isEqualTo(TaskState.RUNNING);
            assertThat(t.getStatus().getState()).isEqualTo(TaskState.NEW);
            assertThat(t.getStatus().getMessage()).isEqualTo("created");
        });
    }

    @Test
    @DisplayName("REP-002")
    void aNewServiceGetsTasksThatCarryItsName() {
        scene.replicated();
        String web = scene.service("web", 3);
        assertThat(scene.tasks(web)).hasSize(3).allSatisfy(t -> {
            assertThat(t.getServiceAnnotations().getName()).isEqualTo("web");
            assertThat(t.getSpec()).isEqualTo(scene.get(web).getSpec().getTask());
            assertThat(t.hasSpecVersion()).isTrue();
            assertThat(t.hasEndpoint()).isTrue();
        });
    }

    @Test
    @DisplayName("REP-004")
    void scalingDownRemovesTheRest() {
        scene.replicated();
        String web = scene.service("web", 3);
        scene.update(web, replicas(1));
        assertThat(scene.tasks(web))
                .extracting(Task::getDesiredState)
                .containsExactlyInAnyOrder(TaskState.RUNNING, TaskState.REMOVE, TaskState.REMOVE);
    }

    @Test
    @DisplayName("REP-005")
    void aTaskThatIsDeletedComesBack() {
        scene.replicated();
        String web = scene.service("web", 1);
        String first = scene.live(web, 1).getId();
        scene.removeTask(first);
        assertThat(scene.live(web, 1).getId()).isNotEqualTo(first);
    }

    @Test
    @DisplayName("REP-006")
    void theTasksOfADeletedServiceAreToBeRemoved() {
        scene.replicated();
        String web = scene.service("web", 2);
        scene.removeService(web);
        assertThat(scene.tasks(web)).hasSize(2).allMatch(t -> t.getDesiredState() == TaskState.REMOVE);
    }

    @Test
    @DisplayName("REP-007")
    void theUnassignedTaskGoesFirst() {
        scene.replicated();
        String web = scene.service("web", 7);
        place(web, 1, "a", 2, "b", 3, "b", 5, "c", 6, "c", 7, "c");
        scene.update(web, replicas(6));
        assertThat(scene.live(web)).extracting(Task::getSlot).containsExactlyInAnyOrder(1L, 2L, 3L, 5L, 6L, 7L);
    }

    @Test
    void theFullestNodeGivesFirst() {
        scene.replicated();
        String web = scene.service("web", 6);
        place(web, 1, "c", 2, "c", 3, "c", 4, "b", 5, "b", 6, "a");
        scene.update(web, replicas(4));
        assertThat(scene.live(web)).extracting(Task::getNodeId).containsExactlyInAnyOrder("a", "b", "c", "c");
        scene.update(web, replicas(3));
        assertThat(scene.live(web)).extracting(Task::getNodeId).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    @DisplayName("REP-009")
    void amongEqualsTheOneThatDoesNotRunYetLosesThenTheHigherSlot() {
        scene.replicated();
        String web = scene.service("web", 4);
        place(web, 1, "a", 2, "b", 3, "a", 4, "b");
        scene.observe(scene.live(web, 3).getId(), TaskState.RUNNING);
        scene.observe(scene.live(web, 2).getId(), TaskState.RUNNING);
        scene.observe(scene.live(web, 4).getId(), TaskState.RUNNING);
        scene.update(web, replicas(2));
        assertThat(scene.live(web)).extracting(Task::getSlot).containsExactlyInAnyOrder(2L, 3L);
    }

    private void place(String service, Object... slotAndNode) {
        for (int i = 0; i < slotAndNode.length; i += 2) {
            String node = (String) slotAndNode[i + 1];
            scene.node(node);
            scene.assign(scene.live(service, (Integer) slotAndNode[i]).getId(), node);
        }
    }

    @Test
    void growingAgainUsesTheLowestFreeNumbers() {
        scene.replicated().reaper().workers();
        scene.node("a");
        String web = scene.service("web", 4);
        scene.removeTask(scene.live(web, 2).getId());
        assertThat(scene.live(web)).extracting(Task::getSlot).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
        scene.update(web, replicas(1));
        scene.update(web, replicas(3));
        assertThat(scene.live(web)).extracting(Task::getSlot).containsExactlyInAnyOrder(1L, 2L, 3L);
    }

    @Test
    @DisplayName("REP-010")
    void aTaskFoundRejectedIsReplacedInItsSlot() {
        String web = scene.service("web", 1);
        scene.node("a");
        scene.stored("t", web, 1, "a", TaskState.RUNNING, TaskState.REJECTED);
        scene.replicated();
        assertThat(scene.task("t").getDesiredState()).isEqualTo(TaskState.SHUTDOWN);
        assertThat(scene.live(web, 1).getDesiredState()).isEqualTo(TaskState.READY);
    }

    @Test
    @DisplayName("REP-011")
    void ofAFailedAndARunningTaskOnlyTheFailedIsReplaced() {
        String web = scene.service("web", 2);
        scene.node("a");
        scene.stored("failed", web, 1, "a", TaskState.RUNNING, TaskState.FAILED);
        scene.stored("running", web, 2, "a", TaskState.RUNNING, TaskState.RUNNING);
        scene.replicated();
        assertThat(scene.task("failed").getDesiredState()).isEqualTo(TaskState.SHUTDOWN);
        assertThat(scene.live(web, 2).getId()).isEqualTo("running");
        assertThat(scene.live(web)).hasSize(2);
    }

    @Test
    @DisplayName("REP-012")
    void aTaskFoundOnADownNodeIsReplaced() {
        String web = scene.service("web", 1);
        scene.down("a");
        scene.stored("t", web, 1, "a", TaskState.RUNNING, TaskState.RUNNING);
        scene.replicated();
        assertThat(scene.task("t").getDesiredState()).isEqualTo(TaskState.SHUTDOWN);
        assertThat(scene.live(web, 1).getNodeId()).isEmpty();
    }

    @Test
    @DisplayName("REP-014")
    void onlyDrainedDownAndMissingNodesAreLeft() {
        String web = scene.service("web", 6);
        scene.drain("drained");
        scene.down("down");
        scene.node("unknown", NodeStatus.State.UNKNOWN, NodeSpec.Availability.ACTIVE);
        scene.pause("paused");
        String[] nodes = {"drained", "down", "missing", "unknown", "paused", ""};
        for (int i = 0; i < nodes.length; i++) {
            scene.stored("t" + (i + 1), web, i + 1, nodes[i], TaskState.RUNNING, TaskState.NEW);
        }
        scene.replicated();
        assertThat(scene.live(web)).hasSize(6);
        assertThat(scene.live(web)).extracting(Task::getId).contains("t4", "t5", "t6");
        assertThat(scene.live(web)).extracting(Task::getId).doesNotContain("t1", "t2", "t3");
    }

    @Test
    @DisplayName("REP-015")
    void aTaskThatIsPlacedOnADrainedNodeIsReplaced() {
        scene.replicated();
        String web = scene.service("web", 1);
        scene.drain("a");
        String first = scene.live(web, 1).getId();
        scene.assign(first, "a");
        assertThat(scene.live(web, 1).getId()).isNotEqualTo(first);
    }

    @Test
    @DisplayName("REP-016")
    void drainingAndDeletingANodeReplacesItsTasks() {
        scene.replicated().workers();
        scene.node("a");
        String web = scene.service("web", 1);
        scene.node("b");
        scene.drain("a");
        assertThat(scene.live(web, 1).getNodeId()).isEqualTo("b");
        scene.node("c");
        scene.removeNode("b");
        assertThat(scene.live(web, 1).getNodeId()).isEqualTo("c");
    }

    @Test
    @DisplayName("REP-017")
    void zeroReplicasKeepTheServiceAndNoTask() {
        scene.replicated();
        String web = scene.service("web", 2);
        scene.update(web, replicas(0));
        assertThat(scene.tasks(web)).hasSize(2).allMatch(t -> t.getDesiredState() == TaskState.REMOVE);
        assertThat(scene.get(web)).isNotNull();
    }

    @Test
    void tasksWhoseServiceIsGoneAreDeletedAtTheStart() {
        scene.stored("t", "gone", 1, "", TaskState.RUNNING, TaskState.NEW);
        scene.replicated();
        assertThat(scene.exists("t")).isFalse();
    }

    @Test
    void aGreedyServiceDoesNotHoldUpTheOthers() {
        scene.service("greedy", 2L * ReplicatedPlan.AT_ONCE + 1);
        scene.service("modest", 1);
        ReplicatedOrchestrator orchestrator = new ReplicatedOrchestrator(
                scene.sim.store(), 1, scene.sim.ids(), Scene::match, Scene.OLD_TASK_TIMEOUT);
        orchestrator.start(scene.sim.store().view(), scene.sim.now());
        orchestrator.tick(scene.sim.now());
        assertThat(scene.live("service-modest")).hasSize(1);
        assertThat(scene.live("service-greedy")).hasSize(ReplicatedPlan.AT_ONCE);
        assertThat(orchestrator.deadline()).isBeforeOrEqualTo(scene.sim.now());
        orchestrator.tick(scene.sim.now());
        orchestrator.tick(scene.sim.now());
        assertThat(scene.live("service-greedy")).hasSize(2 * ReplicatedPlan.AT_ONCE + 1);
        assertThat(orchestrator.deadline()).isNull();
    }

    @Test
    void anAnswerToACommitDoesNotWait() {
        scene.replicated();
        String web = scene.service("web", 1);
        assertThat(scene.live(web)).hasSize(1);
        assertThat(scene.sim.now()).isEqualTo(Scene.START);
        scene.sim.advance(Duration.ofMinutes(10));
        assertThat(scene.tasks(web)).hasSize(1);
    }
}
