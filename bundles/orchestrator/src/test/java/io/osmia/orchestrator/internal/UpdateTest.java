package io.osmia.orchestrator.internal;

import static io.osmia.orchestrator.internal.Scene.image;
import static io.osmia.orchestrator.internal.Scene.replicas;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.Driver;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.UpdateConfig;
import io.osmia.wire.swarmkit.UpdateConfig.FailureAction;
import io.osmia.wire.swarmkit.UpdateStatus;
import io.osmia.wire.swarmkit.UpdateStatus.UpdateState;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UpdateTest {

    private static final Duration MONITOR = Duration.ofSeconds(5);

    private final Scene scene = new Scene();

    static UpdateConfig.Builder config() {
        return UpdateConfig.newBuilder().setParallelism(1);
    }

    private static UnaryOperator<ServiceSpec.Builder> update(UpdateConfig.Builder config) {
        return spec -> spec.setUpdate(config);
    }

    private static UnaryOperator<ServiceSpec.Builder> rollback(UpdateConfig.Builder config) {
        return spec -> spec.setRollback(config);
    }

    @BeforeEach
    void nodes() {
        scene.node("a");
        scene.node("b");
    }

    private List<String> images(String service) {
        return scene.live(service).stream().map(Scene::image).sorted().toList();
    }

    private UpdateStatus status(String service) {
        return scene.get(service).getUpdateStatus();
    }

    @Test
    void aNewServiceHasNoUpdateStatus() {
        scene.replicated().workers();
        String web = scene.service("web", 2);
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(scene.get(web).hasUpdateStatus()).isFalse();
    }

    @Test
    @DisplayName("UPD-001")
    void everyTaskIsReplacedAndTheStatusSaysSo() {
        scene.replicated().workers();
        String web = scene.service("web", 3);
        scene.update(web, image("two"));
        assertThat(images(web)).containsExactly("two", "two", "two");
        assertThat(scene.live(web)).allMatch(t -> t.getStatus().getState() == TaskState.RUNNING);
        assertThat(status(web).getState()).isEqualTo(UpdateState.UPDATING);
        assertThat(status(web).getMessage()).isEqualTo("update in progress");
        assertThat(status(web).hasStartedAt()).isTrue();
        scene.sim.advance(MONITOR);
        assertThat(status(web).getState()).isEqualTo(UpdateState.COMPLETED);
        assertThat(status(web).getMessage()).isEqualTo("update completed");
        assertThat(status(web).hasStartedAt()).isTrue();
        assertThat(status(web).hasCompletedAt()).isTrue();
    }

    @Test
    @DisplayName("UPD-002")
    void theLogDriverIsTheTasksElseTheClustersElseNone() {
        Cluster.Builder cluster = Cluster.newBuilder().setId("c");
        cluster.getSpecBuilder().getAnnotationsBuilder().setName("default");
        scene.write(tx -> tx.create(Table.CLUSTERS, cluster.build()));
        scene.replicated().workers();
        String web = scene.service("web", 1);
        assertThat(scene.live(web, 1).hasLogDriver()).isFalse();
        scene.write(tx -> {
            Cluster.Builder changed = tx.find(Table.CLUSTERS, By.ALL).getFirst().toBuilder();
            changed.getSpecBuilder().getTaskDefaultsBuilder().setLogDriver(Driver.newBuilder().setName("cluster"));
            tx.update(Table.CLUSTERS, changed.build());
        });
        scene.update(web, spec -> spec.setTask(
                spec.getTask().toBuilder().setLogDriver(Driver.newBuilder().setName("task"))));
        assertThat(scene.live(web, 1).getLogDriver().getName()).isEqualTo("task");
        scene.update(web, spec -> spec.setTask(spec.getTask().toBuilder().clearLogDriver()));
        assertThat(scene.live(web, 1).getLogDriver().getName()).isEqualTo("cluster");
    }

    @Test
    void oneSlotAtATimeStopFirst() {
        scene.replicated();
        String web = scene.service("web", 3);
        scene.live(web).forEach(t -> {
            scene.assign(t.getId(), "a");
            scene.observe(t.getId(), TaskState.RUNNING);
        });
        String old = scene.live(web, 1).getId();
        scene.update(web, image("two"));
        assertThat(images(web)).containsExactly("one", "one", "two");
        assertThat(scene.task(old).getDesiredState()).isEqualTo(TaskState.SHUTDOWN);
        Task next = scene.live(web, 1);
        assertThat(next.getDesiredState()).isEqualTo(TaskState.READY);
        scene.observe(old, TaskState.SHUTDOWN);
        assertThat(scene.live(web, 1).getDesiredState()).isEqualTo(TaskState.RUNNING);
        assertThat(images(web)).containsExactly("one", "one", "two");
        scene.assign(next.getId(), "a");
        scene.observe(next.getId(), TaskState.RUNNING);
        assertThat(images(web)).containsExactly("one", "two", "two");
    }

    @Test
    void theOldTaskStaysUntilTheNewOneRunsWhenStartFirst() {
        scene.replicated();
        String web = scene.service("web", 1);
        String old = scene.live(web, 1).getId();
        scene.assign(old, "a");
        scene.observe(old, TaskState.RUNNING);
        scene.update(web, image("two"), update(config().setOrder(UpdateConfig.UpdateOrder.START_FIRST)));
        assertThat(images(web)).containsExactly("one", "two");
        Task next = scene.live(web).stream()
                .filter(t -> image(t).equals("two"))
                .findFirst()
                .orElseThrow();
        assertThat(next.getDesiredState()).isEqualTo(TaskState.RUNNING);
        scene.assign(next.getId(), "b");
        scene.observe(next.getId(), TaskState.RUNNING);
        assertThat(scene.task(old).getDesiredState()).isEqualTo(TaskState.SHUTDOWN);
    }

    @Test
    void theOldTaskStaysWhenTheNewOneFailsAndStartFirst() {
        scene.replicated().workers();
        String web = scene.service("web", 1);
        String old = scene.live(web, 1).getId();
        scene.update(web, image("fail"), update(config().setOrder(UpdateConfig.UpdateOrder.START_FIRST)));
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(scene.task(old).getDesiredState()).isEqualTo(TaskState.RUNNING);
        assertThat(status(web).getState()).isEqualTo(UpdateState.PAUSED);
    }

    @Test
    void parallelismIsKeptAndTheDelayIsPerSlot() {
        scene.replicated().workers();
        String web = scene.service("web", 5);
        scene.update(
                web, image("two"), update(config().setParallelism(2).setDelay(Scene.proto(Duration.ofSeconds(3)))));
        assertThat(images(web)).filteredOn("two"::equals).hasSize(2);
        scene.sim.advance(Duration.ofSeconds(3));
        assertThat(images(web)).filteredOn("two"::equals).hasSize(4);
        scene.sim.advance(Duration.ofSeconds(3));
        assertThat(images(web)).filteredOn("two"::equals).hasSize(5);
    }

    @Test
    void aRollbackThatNobodyCanWaitForStopsNoOtherService() {
        scene.replicated().workers();
        String bad = scene.service("bad", 1);
        UpdateConfig.Builder never =
                config().setDelay(com.google.protobuf.Duration.newBuilder().setSeconds(Long.MAX_VALUE));
        scene.update(bad, spec -> spec.setUpdate(config().setFailureAction(FailureAction.ROLLBACK)).setRollback(never));
        scene.update(bad, image("fail"));
        String web = scene.service("web", 2);
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(status(bad).getState()).isEqualTo(UpdateState.ROLLBACK_STARTED);
        assertThat(scene.live(web)).hasSize(2).allMatch(t -> t.getStatus().getState() == TaskState.RUNNING);
    }

    @Test
    void parallelismIsUnsigned() {
        scene.replicated().workers();
        String web = scene.service("web", 3);
        scene.update(web, image("two"), update(config().setParallelism(-1)));
        assertThat(images(web)).containsExactly("two", "two", "two");
    }

    @Test
    void parallelismZeroTakesAllAtOnce() {
        scene.replicated();
        String web = scene.service("web", 5);
        scene.update(web, image("two"), update(config().setParallelism(0)));
        assertThat(images(web)).filteredOn("two"::equals).hasSize(5);
    }

    @Test
    @DisplayName("UPD-007")
    void theFirstFailurePausesAndTheRestStaysAsItIs() {
        scene.replicated().workers();
        String web = scene.service("web", 3);
        scene.update(web, image("fail"));
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(images(web)).containsExactly("fail", "one", "one");
        assertThat(status(web).getState()).isEqualTo(UpdateState.PAUSED);
        assertThat(status(web).getMessage())
                .startsWith("update paused due to failure or early termination of task ");
        scene.removeTask(scene.live(web, 2).getId());
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(status(web).getState()).isEqualTo(UpdateState.PAUSED);
        assertThat(scene.live(web)).hasSize(3);
    }

    @Test
    void anotherUpdateResumesFromAPause() {
        scene.replicated().workers();
        String web = scene.service("web", 3);
        scene.update(web, image("fail"));
        scene.sim.advance(Duration.ofMinutes(1));
        scene.update(web, image("two"));
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(images(web)).containsExactly("two", "two", "two");
        assertThat(status(web).getState()).isEqualTo(UpdateState.COMPLETED);
    }

    @Test
    @DisplayName("UPD-009, UPD-014")
    void tooManyFailuresRollBack() {
        scene.replicated().workers();
        String web = scene.service("web", 4);
        scene.update(
                web,
                image("fail"),
                update(config().setFailureAction(FailureAction.ROLLBACK).setMaxFailureRatio(0.4f)));
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(images(web)).containsExactly("one", "one", "one", "one");
        assertThat(status(web).getState()).isEqualTo(UpdateState.ROLLBACK_COMPLETED);
        assertThat(status(web).getMessage()).isEqualTo("rollback completed");
        assertThat(scene.get(web).hasPreviousSpec()).isFalse();
        assertThat(scene.tasks(web))
                .filteredOn(t -> t.getStatus().getState() == TaskState.FAILED)
                .hasSize(2);
    }

    @Test
    @DisplayName("UPD-010: failure action PAUSE")
    void aRollbackThatFailsIsPaused() {
        assertThat(rollBackToFailing(FailureAction.PAUSE).getState()).isEqualTo(UpdateState.ROLLBACK_PAUSED);
    }

    @Test
    @DisplayName("UPD-010: failure action CONTINUE")
    void aRollbackThatMayFailCompletes() {
        assertThat(rollBackToFailing(FailureAction.CONTINUE).getState()).isEqualTo(UpdateState.ROLLBACK_COMPLETED);
    }

    @Test
    @DisplayName("rule 12.6: a rollback that fails with ROLLBACK stays paused")
    void aRollbackIsNeverRolledBack() {
        UpdateStatus status = rollBackToFailing(FailureAction.ROLLBACK);
        assertThat(status.getState()).isEqualTo(UpdateState.ROLLBACK_PAUSED);
        assertThat(status.getMessage()).startsWith("rollback paused due to failure or early termination of task ");
    }

    private UpdateStatus rollBackToFailing(FailureAction action) {
        scene.replicated().workers();
        String web = scene.service("web", 2, image("fail"));
        scene.update(web, image("two"), rollback(config().setFailureAction(action)));
        scene.sim.advance(Duration.ofMinutes(1));
        manualRollback(web, action);
        scene.sim.advance(Duration.ofMinutes(1));
        return status(web);
    }

    /** As the control API does it; the former spec gets the rollback config too. */
    private void manualRollback(String web, FailureAction action) {
        scene.write(tx -> {
            Service service = tx.get(Table.SERVICES, web);
            UpdateStatus.Builder status = UpdateStatus.newBuilder()
                    .setState(UpdateState.ROLLBACK_STARTED)
                    .setMessage("manually requested rollback");
            tx.update(
                    Table.SERVICES,
                    service.toBuilder()
                            .setSpec(service.getPreviousSpec().toBuilder()
                                    .setRollback(config().setFailureAction(action)))
                            .setSpecVersion(service.getPreviousSpecVersion())
                            .setPreviousSpec(service.getSpec())
                            .setPreviousSpecVersion(service.getSpecVersion())
                            .setUpdateStatus(status)
                            .build());
        });
    }

    @Test
    @DisplayName("UPD-012")
    void anOldTaskThatDoesNotStopHoldsTheUpdateUpForAMinute() {
        scene.replicated().workers();
        String web = scene.service("web", 1, image("stubborn"));
        scene.update(web, image("two"));
        scene.sim.advance(Scene.OLD_TASK_TIMEOUT.minusMillis(1));
        assertThat(scene.live(web, 1).getDesiredState()).isEqualTo(TaskState.READY);
        scene.sim.advance(Duration.ofMillis(1));
        assertThat(scene.live(web, 1).getStatus().getState()).isEqualTo(TaskState.RUNNING);
    }

    @Test
    @DisplayName("UPD-014")
    void aManualRollbackThatSucceedsIsCompleted() {
        scene.replicated().workers();
        String web = scene.service("web", 2);
        scene.update(web, image("two"));
        scene.sim.advance(Duration.ofMinutes(1));
        manualRollback(web, FailureAction.PAUSE);
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(images(web)).containsExactly("one", "one");
        assertThat(status(web).getState()).isEqualTo(UpdateState.ROLLBACK_COMPLETED);
    }

    @Test
    @DisplayName("UPD-015")
    void anUpdateDuringAnUpdateReplacesBothOldVersions() {
        scene.replicated();
        String web = scene.service("web", 3);
        scene.update(web, image("two"));
        assertThat(images(web)).containsExactly("one", "one", "two");
        scene.update(web, image("three"));
        scene.workers();
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(images(web)).containsExactly("three", "three", "three");
        assertThat(status(web).getState()).isEqualTo(UpdateState.COMPLETED);
    }

    @Test
    void aChangeOfScaleDuringAnUpdateDoesNotStopAnotherSlot() {
        scene.replicated();
        String web = scene.service("web", 3);
        scene.live(web).forEach(t -> {
            scene.assign(t.getId(), "a");
            scene.observe(t.getId(), TaskState.RUNNING);
        });
        scene.update(web, image("two"));
        scene.update(web, replicas(4));
        assertThat(images(web)).containsExactly("one", "one", "two", "two");
        Task inWork = scene.live(web, 1);
        scene.assign(inWork.getId(), "a");
        scene.observe(inWork.getId(), TaskState.RUNNING);
        assertThat(images(web)).containsExactly("one", "two", "two", "two");
    }

    @Test
    @DisplayName("UPD-016")
    void aFailureAfterTheMonitorTimeDoesNotCount() {
        scene.replicated().workers();
        String web = scene.service("web", 2);
        scene.update(
                web, image("two"), update(config().setDelay(Scene.proto(Duration.ofSeconds(20)))));
        scene.sim.advance(MONITOR.plusSeconds(1));
        scene.observe(scene.live(web, 1).getId(), TaskState.FAILED);
        scene.sim.advance(Duration.ofMinutes(2));
        assertThat(images(web)).containsExactly("two", "two");
        assertThat(status(web).getState()).isEqualTo(UpdateState.COMPLETED);
    }

    @Test
    void aFailureWithinTheMonitorTimePauses() {
        scene.replicated().workers();
        String web = scene.service("web", 2);
        scene.update(
                web, image("two"), update(config().setDelay(Scene.proto(Duration.ofSeconds(20)))));
        scene.sim.advance(MONITOR.minusMillis(1));
        scene.observe(scene.live(web, 1).getId(), TaskState.FAILED);
        assertThat(status(web).getState()).isEqualTo(UpdateState.PAUSED);
        assertThat(images(web)).containsExactly("one", "two");
    }

    @Test
    @DisplayName("UPD-017")
    void theThirdFailureOfFourIsTooMuchForOneHalf() {
        scene.replicated().workers();
        String web = scene.service("web", 4);
        scene.update(web, image("fail"), update(config().setMaxFailureRatio(0.5f)));
        scene.sim.advance(Duration.ofMillis(1));
        assertThat(status(web).getState()).isEqualTo(UpdateState.PAUSED);
        assertThat(images(web)).containsExactly("fail", "fail", "fail", "one");
    }

    @Test
    @DisplayName("UPD-019")
    void newSlotsAreOfTheNewSpecAtOnce() {
        scene.replicated();
        String web = scene.service("web", 2);
        scene.update(web, image("two"), replicas(4));
        assertThat(images(web)).containsExactly("one", "two", "two", "two");
        assertThat(scene.live(web, 3).getDesiredState()).isEqualTo(TaskState.RUNNING);
        assertThat(scene.live(web, 4).getDesiredState()).isEqualTo(TaskState.RUNNING);
    }

    @Test
    void aNodeThatIsDrainedDuringAnUpdateDoesNotPauseIt() {
        scene.replicated().workers();
        String web = scene.service("web", 2);
        scene.update(web, image("two"));
        scene.drain("a");
        scene.sim.advance(Duration.ofMinutes(2));
        assertThat(images(web)).containsExactly("two", "two");
        assertThat(status(web).getState()).isEqualTo(UpdateState.COMPLETED);
    }

    @Test
    void aNewLeaderGoesOnWithAnUpdate() {
        String web = scene.service("web", 3);
        scene.update(web, image("two"));
        scene.write(tx -> tx.update(
                Table.SERVICES,
                tx.get(Table.SERVICES, web).toBuilder()
                        .setUpdateStatus(UpdateStatus.newBuilder().setState(UpdateState.UPDATING))
                        .build()));
        for (int slot = 1; slot <= 3; slot++) {
            scene.stored("t" + slot, web, slot, "a", TaskState.RUNNING, TaskState.RUNNING);
        }
        scene.replicated().workers();
        scene.sim.advance(Duration.ofMinutes(1));
        assertThat(images(web)).containsExactly("two", "two", "two");
        assertThat(status(web).getState()).isEqualTo(UpdateState.COMPLETED);
    }
}
