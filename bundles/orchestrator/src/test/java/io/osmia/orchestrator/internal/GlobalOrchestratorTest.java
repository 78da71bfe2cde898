package io.osmia.orchestrator.internal;

import static io.osmia.orchestrator.internal.Scene.constraints;
import static io.osmia.orchestrator.internal.Scene.image;
import static io.osmia.orchestrator.internal.Scene.policy;
import static io.osmia.orchestrator.internal.Scene.restart;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.loop.Reactor;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.RestartPolicy.RestartCondition;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GlobalOrchestratorTest {

    private final Scene scene = new Scene();

    @BeforeEach
    void nodes() {
        scene.node("a");
    }

    private List<String> nodesOf(String service) {
        return scene.live(service).stream().map(Task::getNodeId).sorted().toList();
    }

    @Test
    @DisplayName("GLB-001, GLB-002, GLB-007")
    void eachNodeGetsOneTaskWhoeverComesFirst() {
        String agent = scene.globalService("agent");
        scene.global();
        assertThat(scene.tasks(agent)).hasSize(1).allMatch(t -> t.getSlot() == 0);
        assertThat(nodesOf(agent)).containsExactly("a");
        scene.node("b");
        assertThat(nodesOf(agent)).containsExactly("a", "b");
        String other = scene.globalService("other");
        assertThat(nodesOf(other)).containsExactly("a", "b");
    }

    @Test
    @DisplayName("GLB-004")
    void aDrainedNodeHasNoTaskUntilItIsActiveAgain() {
        scene.global().workers();
        String agent = scene.globalService("agent");
        scene.drain("a");
        assertThat(scene.tasks(agent)).allMatch(t -> t.getDesiredState() == TaskState.SHUTDOWN);
        scene.update(agent, image("two"));
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(scene.live(agent)).isEmpty();
        scene.node("a");
        assertThat(scene.live(agent)).hasSize(1).allMatch(t -> image(t).equals("two"));
    }

    @Test
    @DisplayName("GLB-005")
    void aPausedNodeKeepsWhatItHas() {
        scene.global().workers();
        String agent = scene.globalService("agent");
        String task = scene.live(agent).getFirst().getId();
        scene.pause("a");
        scene.update(agent, image("two"));
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(scene.live(agent)).extracting(Task::getId).containsExactly(task);
        scene.node("a");
        assertThat(scene.live(agent)).hasSize(1).allMatch(t -> image(t).equals("two"));
    }

    @Test
    void aTaskThatEndsOnAPausedNodeIsNotRestarted() {
        scene.global().workers();
        String agent = scene.globalService("agent");
        scene.pause("a");
        scene.observe(scene.live(agent).getFirst().getId(), TaskState.FAILED);
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(scene.live(agent)).isEmpty();
    }

    @Test
    @DisplayName("GLB-006")
    void aDownNodeHasNoTaskUntilItIsReadyAgain() {
        scene.global().workers();
        String agent = scene.globalService("agent");
        scene.down("a");
        scene.update(agent, image("two"));
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(scene.live(agent)).isEmpty();
        scene.node("a");
        assertThat(scene.live(agent)).hasSize(1);
    }

    @Test
    @DisplayName("rule 3.2.6")
    void aNodeOfUnknownStateKeepsItsTask() {
        scene.global().workers();
        String agent = scene.globalService("agent");
        String task = scene.live(agent).getFirst().getId();
        scene.node("a", NodeStatus.State.UNKNOWN, NodeSpec.Availability.ACTIVE);
        scene.node("a", NodeStatus.State.DISCONNECTED, NodeSpec.Availability.ACTIVE);
        assertThat(scene.live(agent)).extracting(Task::getId).containsExactly(task);
    }

    @Test
    @DisplayName("GLB-009")
    void aTaskThatIsDeletedComesBack() {
        scene.global();
        String agent = scene.globalService("agent");
        String first = scene.live(agent).getFirst().getId();
        scene.removeTask(first);
        assertThat(scene.live(agent)).hasSize(1).noneMatch(t -> t.getId().equals(first));
    }

    @Test
    @DisplayName("GLB-010")
    void failuresAreRestartedInPlaceUntilTheLimitAndCompletionIsNot() {
        scene.global().workers();
        scene.node("b");
        String agent = scene.globalService(
                "agent", restart(policy(RestartCondition.ON_FAILURE, Duration.ZERO).setMaxAttempts(1)));
        end(agent, "a", TaskState.FAILED);
        end(agent, "b", TaskState.COMPLETE);
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(nodesOf(agent)).containsExactly("a");
        end(agent, "a", TaskState.FAILED);
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(scene.live(agent)).isEmpty();
    }

    @Test
    void aTaskThatMayRestStaysAtRestWhenItsNodeIsTouched() {
        scene.global().workers();
        String agent = scene.globalService("agent", restart(policy(RestartCondition.NONE, Duration.ZERO)));
        end(agent, "a", TaskState.COMPLETE);
        scene.label("a", "colour", "red");
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(scene.tasks(agent)).hasSize(1);
        scene.update(agent, image("two"));
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(scene.live(agent)).hasSize(1).allMatch(t -> image(t).equals("two"));
    }

    private void end(String service, String node, TaskState state) {
        Task task = scene.live(service).stream()
                .filter(t -> t.getNodeId().equals(node))
                .findFirst()
                .orElseThrow();
        scene.observe(task.getId(), state);
    }

    @Test
    @DisplayName("GLB-011, GLB-014")
    void whatIsFoundEndedIsReplacedOnItsNode() {
        scene.node("b");
        String one = scene.globalService("one");
        String two = scene.globalService("two");
        scene.stored("rejected", one, 0, "a", TaskState.RUNNING, TaskState.REJECTED);
        scene.stored("running", one, 0, "b", TaskState.RUNNING, TaskState.RUNNING);
        scene.stored("failed", two, 0, "b", TaskState.RUNNING, TaskState.FAILED);
        scene.global();
        assertThat(scene.task("rejected").getDesiredState()).isEqualTo(TaskState.SHUTDOWN);
        assertThat(scene.task("failed").getDesiredState()).isEqualTo(TaskState.SHUTDOWN);
        assertThat(nodesOf(one)).containsExactly("a", "b");
        assertThat(nodesOf(two)).containsExactly("a", "b");
        assertThat(scene.live(one)).extracting(Task::getId).contains("running");
    }

    @Test
    @DisplayName("GLB-012")
    void historyDoesNotCountAsATask() {
        scene.node("b");
        String agent = scene.globalService("agent");
        scene.stored("old", agent, 0, "a", TaskState.SHUTDOWN, TaskState.FAILED);
        scene.stored("running", agent, 0, "a", TaskState.RUNNING, TaskState.RUNNING);
        scene.global();
        assertThat(nodesOf(agent)).containsExactly("a", "b");
        assertThat(scene.live(agent)).extracting(Task::getId).contains("running");
    }

    @Test
    @DisplayName("GLB-015, GLB-016, GLB-017")
    void whatIsFoundAstrayAtTheStartIsEnded() {
        String agent = scene.globalService("agent");
        scene.drain("drained");
        scene.stored("orphan", "gone", 0, "a", TaskState.RUNNING, TaskState.RUNNING);
        scene.stored("drained-task", agent, 0, "drained", TaskState.RUNNING, TaskState.RUNNING);
        scene.stored("missing-task", agent, 0, "missing", TaskState.RUNNING, TaskState.RUNNING);
        scene.global();
        assertThat(scene.exists("orphan")).isFalse();
        assertThat(scene.task("drained-task").getDesiredState()).isEqualTo(TaskState.SHUTDOWN);
        assertThat(scene.task("missing-task").getDesiredState()).isEqualTo(TaskState.SHUTDOWN);
        assertThat(nodesOf(agent)).containsExactly("a");
    }

    @Test
    @DisplayName("GLB-019")
    void aLabelThatNoLongerMatchesEndsTheTask() {
        scene.global().workers();
        scene.label("a", "colour", "red");
        String agent = scene.globalService("agent", constraints("colour==red"));
        assertThat(scene.live(agent)).hasSize(1);
        scene.label("a", "colour", "blue");
        assertThat(scene.live(agent)).isEmpty();
        scene.label("a", "colour", "red");
        assertThat(scene.live(agent)).hasSize(1);
    }

    @Test
    @DisplayName("rule 3.2.2: paused nodes lose tasks that violate the constraints")
    void aPausedNodeLosesWhatNoLongerMatches() {
        scene.global().workers();
        String agent = scene.globalService("agent");
        scene.pause("a");
        scene.update(agent, constraints("colour==red"));
        assertThat(scene.live(agent)).isEmpty();
    }

    @Test
    void aConstraintThatNobodyCanEvaluateStopsNoTaskAndStartsNone() {
        scene.global().workers();
        String agent = scene.globalService("agent");
        scene.update(agent, constraints("unknown"));
        scene.node("b");
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(nodesOf(agent)).containsExactly("a");
    }

    @Test
    void whenTheEvaluatorComesTheServicesAreLookedAtAgain() {
        boolean[] known = {false};
        GlobalOrchestrator orchestrator = new GlobalOrchestrator(
                scene.sim.store(),
                1,
                scene.sim.ids(),
                (placement, node) -> Scene.match(
                        known[0] ? placement.toBuilder().clearConstraints().build() : placement, node),
                Scene.OLD_TASK_TIMEOUT);
        scene.sim.add("global", (Reactor) orchestrator);
        String agent = scene.globalService("agent", constraints("unknown"));
        assertThat(scene.live(agent)).isEmpty();
        known[0] = true;
        orchestrator.placementChanged();
        scene.sim.settle();
        assertThat(nodesOf(agent)).containsExactly("a");
    }

    @Test
    @DisplayName("rule 3.2.4")
    void theTasksOfADeletedNodeAreDeleted() {
        scene.global().workers();
        String agent = scene.globalService("agent");
        scene.removeNode("a");
        assertThat(scene.tasks(agent)).isEmpty();
    }

    @Test
    void theTasksOfADeletedServiceAreToBeRemoved() {
        scene.global();
        String agent = scene.globalService("agent");
        scene.removeService(agent);
        assertThat(scene.tasks(agent)).hasSize(1).allMatch(t -> t.getDesiredState() == TaskState.REMOVE);
        scene.node("b");
        assertThat(scene.tasks(agent)).hasSize(1);
    }

    @Test
    void anUpdateGoesFromNodeToNode() {
        scene.global().workers();
        scene.node("b");
        String agent = scene.globalService("agent");
        scene.update(agent, image("two"), spec -> spec.setUpdate(
                UpdateTest.config().setDelay(Scene.proto(Duration.ofSeconds(10)))));
        assertThat(scene.live(agent)).extracting(Scene::image).containsExactlyInAnyOrder("one", "two");
        scene.sim.advance(Duration.ofSeconds(10));
        assertThat(scene.live(agent)).extracting(Scene::image).containsExactly("two", "two");
        assertThat(nodesOf(agent)).containsExactly("a", "b");
    }
}
