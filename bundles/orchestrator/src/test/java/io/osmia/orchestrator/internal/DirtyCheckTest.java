package io.osmia.orchestrator.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.orchestrator.DirtyCheck;
import io.osmia.scheduler.PlacementRules.Match;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.Endpoint;
import io.osmia.wire.swarmkit.EndpointSpec;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Placement;
import io.osmia.wire.swarmkit.PortConfig;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.UpdateConfig;
import io.osmia.wire.swarmkit.Version;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DirtyCheckTest {

    private final DirtyCheck check = new DirtyCheck((p, n) -> Scene.match(p, n) != Match.NO);
    private final Service.Builder service = Service.newBuilder();
    private final Task.Builder task = Task.newBuilder();
    private final Node.Builder red = Node.newBuilder().setId("a");

    DirtyCheckTest() {
        service.getSpecBuilder().setTask(Scene.taskSpec("one"));
        task.setSpec(Scene.taskSpec("one"))
                .setDesiredState(TaskState.RUNNING)
                .setEndpoint(Endpoint.newBuilder().setSpec(EndpointSpec.getDefaultInstance()));
        task.getStatusBuilder().setState(TaskState.RUNNING);
        red.getSpecBuilder().getAnnotationsBuilder().putLabels("colour", "red");
    }

    private boolean dirty() {
        return check.dirty(service.build(), task.build(), red.build());
    }

    private void spec(Consumer<TaskSpec.Builder> change) {
        change.accept(service.getSpecBuilder().getTaskBuilder());
    }

    @Test
    @DisplayName("UPD-020")
    void equalSpecsAreCleanAndDifferentOnesDirty() {
        assertThat(dirty()).isFalse();
        spec(s -> s.getContainerBuilder().setImage("two"));
        assertThat(dirty()).isTrue();
    }

    @Test
    @DisplayName("UPD-020: spec version equal")
    void anEqualSpecVersionIsEnough() {
        spec(s -> s.getContainerBuilder().setImage("two"));
        service.setSpecVersion(Version.newBuilder().setIndex(7));
        assertThat(dirty()).isTrue();
        task.setSpecVersion(Version.newBuilder().setIndex(7));
        assertThat(dirty()).isFalse();
        task.setSpecVersion(Version.newBuilder().setIndex(6));
        assertThat(dirty()).isTrue();
    }

    @Test
    @DisplayName("UPD-020: force_update")
    void aForcedUpdateIsDirty() {
        spec(s -> s.setForceUpdate(1));
        assertThat(dirty()).isTrue();
    }

    @Test
    @DisplayName("UPD-020: endpoint")
    void anotherEndpointIsDirty() {
        service.getSpecBuilder()
                .setEndpoint(EndpointSpec.newBuilder().addPorts(PortConfig.newBuilder().setTargetPort(80)));
        assertThat(dirty()).isTrue();
        task.clearEndpoint();
        assertThat(dirty()).isFalse();
    }

    @Test
    void labelsReplicasAndUpdateConfigAreNobodysConcern() {
        service.getSpecBuilder().getAnnotationsBuilder().putLabels("k", "v");
        service.getSpecBuilder().getReplicatedBuilder().setReplicas(9);
        service.getSpecBuilder().setUpdate(UpdateConfig.newBuilder().setParallelism(9));
        assertThat(dirty()).isFalse();
    }

    @Test
    @DisplayName("UPD-021, UPD-006")
    void constraintsThatTheNodeMeetsAreClean() {
        spec(s -> s.setPlacement(Placement.newBuilder().addConstraints("colour==red")));
        assertThat(dirty()).isFalse();
        assertThat(check.dirty(service.build(), task.build(), null)).isTrue();
        spec(s -> s.setPlacement(Placement.newBuilder().addConstraints("colour==blue")));
        assertThat(dirty()).isTrue();
    }

    @Test
    void constraintsThatTheNodeMeetsDoNotHideAnotherDifference() {
        spec(s -> s.setForceUpdate(1).setPlacement(Placement.newBuilder().addConstraints("colour==red")));
        assertThat(dirty()).isTrue();
    }

    @ParameterizedTest
    @DisplayName("UPD-004, UPD-005")
    @EnumSource(value = TaskState.class, names = {"UNRECOGNIZED"}, mode = EnumSource.Mode.EXCLUDE)
    void pullOptionsMatterOnlyBeforeThePullAndAfterTheEnd(TaskState observed) {
        spec(s -> s.getContainerBuilder()
                .setPullOptions(ContainerSpec.PullOptions.newBuilder().setRegistryAuth("secret")));
        task.getStatusBuilder().setState(observed);
        boolean pulled = observed.getNumber() >= TaskState.READY_VALUE
                && observed.getNumber() <= TaskState.RUNNING_VALUE;
        assertThat(dirty()).isEqualTo(!pulled);
        task.setDesiredState(TaskState.SHUTDOWN);
        assertThat(dirty()).isTrue();
    }
}
