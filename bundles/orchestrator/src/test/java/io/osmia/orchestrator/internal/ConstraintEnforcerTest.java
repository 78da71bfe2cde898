package io.osmia.orchestrator.internal;

import static io.osmia.orchestrator.internal.Scene.constraints;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.DiscreteGenericResource;
import io.osmia.wire.swarmkit.GenericResource;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.TaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConstraintEnforcerTest {

    private final Scene scene = new Scene();
    private String web = "";

    @BeforeEach
    void aRedNodeAndAServiceForRedNodes() {
        scene.node("a");
        scene.label("a", "colour", "red");
        web = scene.service("web", 1, constraints("colour==red"));
        scene.stored("t", web, 1, "a", TaskState.RUNNING, TaskState.RUNNING);
    }

    private void start() {
        scene.sim.add("enforcer", new ConstraintEnforcer(scene.sim.store(), 1, Scene::match));
        scene.sim.settle();
    }

    private TaskState observed(String task) {
        return scene.task(task).getStatus().getState();
    }

    @Test
    @DisplayName("rule 3.9")
    void aTaskThatItsNodeNoLongerSuitsIsRejected() {
        start();
        assertThat(observed("t")).isEqualTo(TaskState.RUNNING);
        scene.label("a", "colour", "blue");
        assertThat(observed("t")).isEqualTo(TaskState.REJECTED);
        assertThat(scene.task("t").getStatus().getMessage()).isEqualTo("task rejected by constraint enforcer");
        assertThat(scene.task("t").getStatus().getErr()).isEqualTo("assigned node no longer meets constraints");
    }

    @Test
    void whatIsFoundWrongAtTheStartIsRejected() {
        scene.label("a", "colour", "blue");
        start();
        assertThat(observed("t")).isEqualTo(TaskState.REJECTED);
    }

    @Test
    void onlyActiveNodesAreLookedAt() {
        start();
        scene.pause("a");
        scene.label("a", "colour", "blue");
        assertThat(observed("t")).isEqualTo(TaskState.RUNNING);
    }

    @Test
    void aConstraintThatNobodyCanEvaluateRejectsNothing() {
        scene.update(web, constraints("unknown"));
        start();
        assertThat(observed("t")).isEqualTo(TaskState.RUNNING);
    }

    @Test
    void aNodeThatShrinksRejectsWhatItCannotHold() {
        resources(2_000, 100);
        reserve("t", 1_500);
        scene.stored("u", web, 2, "a", TaskState.RUNNING, TaskState.RUNNING);
        reserve("u", 500);
        start();
        assertThat(observed("t")).isEqualTo(TaskState.RUNNING);
        assertThat(observed("u")).isEqualTo(TaskState.RUNNING);
        resources(1_600, 100);
        assertThat(observed("t")).isEqualTo(TaskState.RUNNING);
        assertThat(observed("u")).isEqualTo(TaskState.REJECTED);
    }

    @Test
    void aGenericResourceThatIsGoneStopsTheWalk() {
        resources(1_000, 100);
        scene.change("t", t -> t.addAssignedGenericResources(gpus(1)));
        scene.stored("u", web, 2, "a", TaskState.RUNNING, TaskState.RUNNING);
        reserve("u", 5_000);
        start();
        assertThat(observed("t")).isEqualTo(TaskState.REJECTED);
        assertThat(observed("u")).isEqualTo(TaskState.RUNNING);
    }

    private static GenericResource.Builder gpus(long count) {
        return GenericResource.newBuilder()
                .setDiscreteResourceSpec(
                        DiscreteGenericResource.newBuilder().setKind("gpu").setValue(count));
    }

    private void resources(long cpus, long memory) {
        scene.write(tx -> {
            Node.Builder node = tx.get(Table.NODES, "a").toBuilder();
            node.getDescriptionBuilder().getResourcesBuilder().setNanoCpus(cpus).setMemoryBytes(memory);
            tx.update(Table.NODES, node.build());
        });
    }

    private void reserve(String task, long cpus) {
        scene.change(task, t -> t.getSpecBuilder()
                .getResourcesBuilder()
                .getReservationsBuilder()
                .setNanoCpus(cpus));
    }
}
