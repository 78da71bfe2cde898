package io.osmia.orchestrator.internal;

import static io.osmia.orchestrator.internal.Scene.policy;
import static io.osmia.orchestrator.internal.Scene.restart;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.RestartPolicy.RestartCondition;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TaskReaperTest {

    private static final Duration SOON = TaskReaper.BATCH_TIME;

    private final Scene scene = new Scene();

    private void historyLimit(long limit) {
        Cluster.Builder cluster = Cluster.newBuilder().setId("c");
        cluster.getSpecBuilder().getAnnotationsBuilder().setName("default");
        cluster.getSpecBuilder().getOrchestrationBuilder().setTaskHistoryRetentionLimit(limit);
        scene.write(tx -> tx.create(Table.CLUSTERS, cluster.build()));
    }

    @Test
    @DisplayName("RPR-001")
    void atTheStartOnlyWhatWasToldToGoAndWhatIsLostGoes() {
        String web = scene.service("web", 2);
        scene.stored("clean", web, 1, "a", TaskState.RUNNING, TaskState.RUNNING);
        scene.stored("history", web, 1, "a", TaskState.SHUTDOWN, TaskState.FAILED);
        scene.stored("removed", web, 2, "a", TaskState.REMOVE, TaskState.SHUTDOWN);
        scene.stored("stopping", web, 2, "a", TaskState.REMOVE, TaskState.RUNNING);
        scene.stored("lost", "", 0, "a", TaskState.RUNNING, TaskState.ORPHANED);
        scene.reaper();
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(scene.exists("clean")).isTrue();
        assertThat(scene.exists("history")).isTrue();
        assertThat(scene.exists("stopping")).isTrue();
        assertThat(scene.exists("removed")).isFalse();
        assertThat(scene.exists("lost")).isFalse();
    }

    @Test
    @DisplayName("RPR-002, RPR-010")
    void theOldestOfASlotGoesFirst() {
        historyLimit(2);
        scene.replicated().workers().reaper();
        scene.node("a");
        String web = scene.service("web", 2);
        String first = scene.live(web, 1).getId();
        fail(web, 1);
        String second = scene.live(web, 1).getId();
        assertThat(scene.exists(first)).isTrue();
        fail(web, 1);
        assertThat(scene.exists(first)).isFalse();
        assertThat(scene.exists(second)).isTrue();
        assertThat(scene.tasks(web)).filteredOn(t -> t.getSlot() == 1).hasSize(2);
        assertThat(scene.tasks(web)).filteredOn(t -> t.getSlot() == 2).hasSize(1);
    }

    private void fail(String web, long slot) {
        scene.observe(scene.live(web, slot).getId(), TaskState.FAILED);
        scene.sim.advance(Duration.ofSeconds(10));
    }

    @Test
    @DisplayName("RPR-004")
    void theTasksOfARemovedServiceGoWhenTheyHaveStopped() {
        scene.replicated().reaper();
        scene.node("a");
        String web = scene.service("web", 1);
        String task = scene.live(web, 1).getId();
        scene.assign(task, "a");
        scene.observe(task, TaskState.RUNNING);
        scene.removeService(web);
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(scene.task(task).getDesiredState()).isEqualTo(TaskState.REMOVE);
        scene.observe(task, TaskState.SHUTDOWN);
        scene.sim.advance(SOON);
        assertThat(scene.exists(task)).isFalse();
    }

    @Test
    @DisplayName("RPR-005, RPR-006")
    void whatHasCompletedOrWasNeverAssignedGoesAtOnce() {
        scene.replicated().reaper();
        scene.node("a");
        String web = scene.service("web", 2);
        scene.assign(scene.live(web, 1).getId(), "a");
        scene.observe(scene.live(web, 1).getId(), TaskState.COMPLETE);
        scene.removeService(web);
        scene.sim.advance(SOON);
        assertThat(scene.tasks(web)).isEmpty();
    }

    @Test
    @DisplayName("RPR-007")
    void removalsAreGatheredForAQuarterOfASecond() {
        scene.reaper();
        String web = scene.service("web", 1);
        scene.stored("t", web, 1, "a", TaskState.REMOVE, TaskState.SHUTDOWN);
        scene.sim.advance(SOON.minusMillis(1));
        assertThat(scene.exists("t")).isTrue();
        scene.sim.advance(Duration.ofMillis(1));
        assertThat(scene.exists("t")).isFalse();
    }

    @Test
    @DisplayName("RPR-007: more than a thousand")
    void manyRemovalsAreNotGathered() {
        scene.reaper();
        String web = scene.service("web", 1);
        for (int i = 0; i <= TaskReaper.BATCH_SIZE / 2; i++) {
            scene.stored("t" + i, web, i + 1, "a", TaskState.REMOVE, TaskState.SHUTDOWN);
        }
        assertThat(scene.tasks(web)).isEmpty();
    }

    @Test
    @DisplayName("RPR-009")
    void aSlotWithinItsLimitKeepsEverything() {
        historyLimit(2);
        scene.reaper();
        String web = scene.service("web", 1);
        scene.stored("old", web, 1, "a", TaskState.SHUTDOWN, TaskState.FAILED);
        scene.stored("new", web, 1, "a", TaskState.RUNNING, TaskState.RUNNING);
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(scene.tasks(web)).hasSize(2);
    }

    @Test
    @DisplayName("RPR-011")
    void whatIsAssignedAndStoppingIsKeptAndLookedAtAgain() {
        historyLimit(1);
        scene.reaper();
        String web = scene.service("web", 1);
        scene.stored("never-assigned", web, 1, "", TaskState.SHUTDOWN, TaskState.PENDING);
        scene.stored("stopping", web, 1, "a", TaskState.SHUTDOWN, TaskState.RUNNING);
        scene.stored("pending", web, 1, "", TaskState.RUNNING, TaskState.PENDING);
        scene.sim.advance(SOON);
        assertThat(scene.tasks(web)).extracting(Task::getId).containsExactly("pending", "stopping");
        scene.observe("stopping", TaskState.SHUTDOWN);
        scene.sim.advance(SOON);
        assertThat(scene.tasks(web)).extracting(Task::getId).containsExactly("pending");
    }

    @Test
    @DisplayName("RPR-012: negative limit")
    void aNegativeLimitKeepsEverything() {
        historyLimit(-1);
        assertThat(leftOfTen("web")).isEqualTo(10);
    }

    @Test
    @DisplayName("RPR-012: max_attempts")
    void theAttemptsOfTheServiceSetTheLimit() {
        historyLimit(-1);
        scene.service("limited", 1, restart(policy(RestartCondition.ANY, SOON).setMaxAttempts(3)));
        assertThat(leftOfTen("limited")).isEqualTo(4);
    }

    private int leftOfTen(String name) {
        scene.reaper();
        String id = "service-" + name;
        if (scene.get(id) == null) {
            scene.service(name, 1);
        }
        for (int i = 0; i < 10; i++) {
            scene.stored("t" + i, id, 1, "a", TaskState.SHUTDOWN, TaskState.FAILED);
        }
        scene.sim.advance(Duration.ofMinutes(1));
        return scene.tasks(id).size();
    }
}
