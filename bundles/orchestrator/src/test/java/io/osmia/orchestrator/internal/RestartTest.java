package io.osmia.orchestrator.internal;

import static io.osmia.orchestrator.internal.Scene.image;
import static io.osmia.orchestrator.internal.Scene.policy;
import static io.osmia.orchestrator.internal.Scene.restart;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.RestartPolicy.RestartCondition;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RestartTest {

    private static final Duration DELAY = Duration.ofMillis(100);

    private final Scene scene = new Scene();

    @BeforeEach
    void nodes() {
        scene.node("a");
    }

    @Test
    @DisplayName("RST-001")
    void conditionAnyReplacesWhatFailedAndWhatCompleted() {
        scene.replicated().workers();
        String web = scene.service("web", 2, restart(policy(RestartCondition.ANY, DELAY)));
        end(web, 1, TaskState.FAILED);
        end(web, 2, TaskState.COMPLETE);
        scene.sim.advance(DELAY);
        assertThat(scene.live(web)).hasSize(2).allMatch(t -> t.getStatus().getState() == TaskState.RUNNING);
    }

    @Test
    @DisplayName("RST-002")
    void conditionOnFailureLetsWhatCompletedRest() {
        scene.replicated().workers();
        String web = scene.service("web", 2, restart(policy(RestartCondition.ON_FAILURE, DELAY)));
        end(web, 1, TaskState.FAILED);
        end(web, 2, TaskState.COMPLETE);
        scene.sim.advance(Duration.ofMinutes(5));
        assertThat(scene.live(web)).extracting(Task::getSlot).containsExactly(1L);
    }

    @Test
    @DisplayName("RST-004")
    void conditionNoneReplacesOnlyForANewSpec() {
        scene.replicated().workers();
        String web = scene.service("web", 2, restart(policy(RestartCondition.NONE, DELAY)));
        end(web, 1, TaskState.FAILED);
        end(web, 2, TaskState.COMPLETE);
        scene.sim.advance(Duration.ofMinutes(5));
        assertThat(scene.live(web)).isEmpty();
        assertThat(scene.tasks(web)).hasSize(2);
        scene.update(web, image("two"));
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(scene.live(web)).hasSize(2).allMatch(t -> image(t).equals("two"));
    }

    @Test
    @DisplayName("RST-005")
    void theReplacementIsPreparedAtOnceAndStartedAfterTheDelay() {
        scene.replicated().workers();
        String web = scene.service("web", 1, restart(policy(RestartCondition.ANY, DELAY)));
        end(web, 1, TaskState.FAILED);
        assertThat(scene.live(web, 1).getDesiredState()).isEqualTo(TaskState.READY);
        scene.sim.advance(DELAY.minusMillis(1));
        assertThat(scene.live(web, 1).getStatus().getState()).isEqualTo(TaskState.READY);
        assertThat(scene.live(web, 1).getDesiredState()).isEqualTo(TaskState.READY);
        scene.sim.advance(Duration.ofMillis(1));
        assertThat(scene.live(web, 1).getStatus().getState()).isEqualTo(TaskState.RUNNING);
    }

    @Test
    void withoutAPolicyTheDelayIsFiveSeconds() {
        scene.replicated().workers();
        String web = scene.service("web", 1);
        end(web, 1, TaskState.COMPLETE);
        scene.sim.advance(Duration.ofMillis(4999));
        assertThat(scene.live(web, 1).getDesiredState()).isEqualTo(TaskState.READY);
        scene.sim.advance(Duration.ofMillis(1));
        assertThat(scene.live(web, 1).getDesiredState()).isEqualTo(TaskState.RUNNING);
    }

    @Test
    @DisplayName("RST-006")
    void eachSlotHasItsOwnAttempts() {
        scene.replicated().workers();
        String web = scene.service(
                "web", 2, restart(policy(RestartCondition.ANY, DELAY).setMaxAttempts(1)));
        for (long slot = 1; slot <= 2; slot++) {
            end(web, slot, TaskState.FAILED);
            scene.sim.advance(DELAY);
        }
        assertThat(scene.live(web)).hasSize(2);
        end(web, 1, TaskState.FAILED);
        end(web, 2, TaskState.FAILED);
        scene.sim.advance(Duration.ofMinutes(5));
        assertThat(scene.live(web)).isEmpty();
    }

    @Test
    @DisplayName("RST-007")
    void aNewSpecBeginsANewCount() {
        scene.replicated().workers();
        String web = scene.service(
                "web", 1, restart(policy(RestartCondition.ANY, DELAY).setMaxAttempts(1)));
        IntStream.range(0, 2).forEach(i -> failAndWait(web));
        assertThat(scene.live(web)).isEmpty();
        scene.update(web, image("two"));
        scene.sim.advance(Duration.ofSeconds(10));
        failAndWait(web);
        assertThat(scene.live(web)).hasSize(1);
        failAndWait(web);
        assertThat(scene.live(web)).isEmpty();
    }

    @Test
    void restartsBeforeTheWindowDoNotCount() {
        scene.replicated().workers();
        String web = scene.service(
                "web",
                1,
                restart(policy(RestartCondition.ANY, DELAY)
                        .setMaxAttempts(1)
                        .setWindow(Scene.proto(Duration.ofSeconds(10)))));
        failAndWait(web);
        scene.sim.advance(Duration.ofSeconds(20));
        failAndWait(web);
        assertThat(scene.live(web)).hasSize(1);
        failAndWait(web);
        assertThat(scene.live(web)).isEmpty();
    }

    private void failAndWait(String web) {
        end(web, 1, TaskState.FAILED);
        scene.sim.advance(DELAY);
    }

    @Test
    @DisplayName("RST-009")
    void aNewLeaderHonoursTheRestOfTheDelay() {
        String web = scene.service("web", 1);
        scene.stored("old", web, 1, "a", TaskState.SHUTDOWN, TaskState.FAILED);
        scene.stored("next", web, 1, "a", TaskState.READY, TaskState.READY);
        scene.sim.advance(Duration.ofSeconds(2));
        scene.replicated();
        scene.sim.advance(Duration.ofMillis(2999));
        assertThat(scene.task("next").getDesiredState()).isEqualTo(TaskState.READY);
        scene.sim.advance(Duration.ofMillis(1));
        assertThat(scene.task("next").getDesiredState()).isEqualTo(TaskState.RUNNING);
    }

    @Test
    @DisplayName("RST-009, history")
    void aNewLeaderKnowsHowManyAttemptsAreLeft() {
        scene.replicated().workers();
        String web = scene.service(
                "web", 1, restart(policy(RestartCondition.ANY, DELAY).setMaxAttempts(2)));
        failAndWait(web);
        failAndWait(web);
        Scene later = new Scene();
        scene.sim.store().view().find(Table.NODES, io.osmia.store.By.ALL)
                .forEach(n -> later.write(tx -> tx.create(Table.NODES, n)));
        later.write(tx -> tx.create(Table.SERVICES, scene.get(web)));
        scene.tasks(web).forEach(t -> later.write(tx -> tx.create(Table.TASKS, t)));
        later.replicated().workers();
        later.observe(later.live(web, 1).getId(), TaskState.FAILED);
        later.sim.advance(Duration.ofMinutes(1));
        assertThat(later.live(web)).isEmpty();
    }

    @Test
    @DisplayName("RST-010")
    void aTaskThatDoesNotStopHoldsItsReplacementUpForAMinute() {
        scene.replicated().workers();
        scene.node("b");
        String web = scene.service("web", 1, image("stubborn"));
        String node = scene.live(web, 1).getNodeId();
        scene.drain(node);
        scene.sim.advance(Scene.OLD_TASK_TIMEOUT.minusMillis(1));
        assertThat(scene.live(web, 1).getDesiredState()).isEqualTo(TaskState.READY);
        scene.sim.advance(Duration.ofMillis(1));
        assertThat(scene.live(web, 1).getDesiredState()).isEqualTo(TaskState.RUNNING);
    }

    @Test
    void theReplacementStartsWhenTheNodeOfAStubbornTaskGoesDown() {
        scene.replicated().workers();
        scene.node("b");
        String web = scene.service("web", 1, image("stubborn"));
        String node = scene.live(web, 1).getNodeId();
        scene.drain(node);
        scene.down(node);
        assertThat(scene.live(web, 1).getDesiredState()).isEqualTo(TaskState.RUNNING);
    }

    @Test
    @DisplayName("RST-011")
    void aDrainedNodeIsLeftWithoutDelay() {
        scene.replicated().workers();
        scene.node("b");
        String web = scene.service("web", 1);
        scene.drain(scene.live(web, 1).getNodeId());
        assertThat(scene.live(web, 1).getStatus().getState()).isEqualTo(TaskState.RUNNING);
        assertThat(scene.sim.now()).isEqualTo(Scene.START);
    }

    @Test
    @DisplayName("RST-012")
    void aWaitEndsWithTheTaskThatWaits() {
        scene.replicated().workers();
        String web = scene.service("web", 1);
        end(web, 1, TaskState.FAILED);
        String waiting = scene.live(web, 1).getId();
        scene.removeTask(waiting);
        assertThat(scene.live(web, 1).getDesiredState()).isEqualTo(TaskState.RUNNING);
        scene.sim.advance(Duration.ofMinutes(2));
        assertThat(scene.live(web)).hasSize(1);
    }

    @Test
    @DisplayName("rule 3.4.1: a replacement that dies before its start waits its delay out first")
    void aReplacementThatCannotBePreparedIsReplacedAfterItsDelay() {
        scene.replicated();
        String web = scene.service("web", 1);
        scene.assign(scene.live(web, 1).getId(), "a");
        end(web, 1, TaskState.FAILED);
        String waiting = scene.live(web, 1).getId();
        scene.assign(waiting, "a");
        scene.observe(waiting, TaskState.REJECTED);
        scene.sim.advance(Duration.ofMillis(4999));
        assertThat(scene.live(web, 1).getId()).isEqualTo(waiting);
        scene.sim.advance(Duration.ofMillis(1));
        assertThat(scene.live(web, 1).getId()).isNotEqualTo(waiting);
        assertThat(scene.tasks(web)).hasSize(3);
    }

    private void end(String service, long slot, TaskState state) {
        scene.observe(scene.live(service, slot).getId(), state);
    }
}
