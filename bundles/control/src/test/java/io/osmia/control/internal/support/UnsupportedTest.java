package io.osmia.control.internal.support;

import static io.osmia.control.internal.TestCluster.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import io.osmia.control.internal.rules.Refusal;
import io.osmia.wire.swarmkit.ClusterSpec;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.Mount;
import io.osmia.wire.swarmkit.RestartPolicy.RestartCondition;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.UpdateConfig.FailureAction;
import io.osmia.wire.swarmkit.UpdateConfig.UpdateOrder;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UnsupportedTest {

    @ParameterizedTest
    @MethodSource
    void whatNobodyHonoursIsRefusedByName(String path, Consumer<ServiceSpec.Builder> change) {
        assertThat(check(change)).contains(Refusal.unimplemented(path + " is not supported yet"));
    }

    static Stream<Arguments> whatNobodyHonoursIsRefusedByName() {
        return Stream.of(
                arguments("spec.replicated_job", change(s -> s.getReplicatedJobBuilder())),
                arguments("spec.global_job", change(s -> s.getGlobalJobBuilder())),
                arguments("spec.endpoint.ports", change(s -> s.getEndpointBuilder().addPortsBuilder())),
                arguments("spec.endpoint.mode", change(s -> s.getEndpointBuilder().setModeValue(1))),
                arguments("spec.networks", change(s -> s.addNetworksBuilder())),
                arguments("spec.task.networks", change(s -> s.getTaskBuilder().addNetworksBuilder())),
                arguments("spec.task.log_driver", change(s -> s.getTaskBuilder().getLogDriverBuilder().setName("x"))),
                arguments(
                        "spec.task.resource_references",
                        change(s -> s.getTaskBuilder().addResourceReferencesBuilder())),
                arguments("spec.task.container.secrets", container(c -> c.addSecretsBuilder())),
                arguments("spec.task.container.configs", container(c -> c.addConfigsBuilder())),
                arguments("spec.task.container.mounts.type CLUSTER", container(c -> c.addMountsBuilder()
                        .setTarget("/a")
                        .setType(Mount.Type.CLUSTER))));
    }

    @Test
    void whatSomeComponentHonoursPasses() {
        assertThat(check(spec -> {
            spec.getAnnotationsBuilder().putLabels("a", "b");
            spec.getUpdateBuilder().setDelay(Durations.fromSeconds(1)).setFailureAction(FailureAction.ROLLBACK);
            spec.getRollbackBuilder().setOrder(UpdateOrder.START_FIRST);
            spec.getTaskBuilder().setForceUpdate(3);
            spec.getTaskBuilder().getRestartBuilder().setCondition(RestartCondition.ON_FAILURE);
            spec.getTaskBuilder().getPlacementBuilder().addConstraints("node.id==x");
            spec.getTaskBuilder().getResourcesBuilder().getLimitsBuilder().setNanoCpus(1);
        }))
                .isEmpty();
        assertThat(check(spec -> spec.getTaskBuilder().getGenericBuilder().setKind("process")
                .setPayload(Any.getDefaultInstance())))
                .isEmpty();
        assertThat(check(spec -> spec.getGlobalBuilder())).isEmpty();
    }

    /** An executor that cannot do it rejects the task and says so; the API lets it through. */
    @Test
    void whatOnlyAnExecutorMayBeUnableToDoPasses() {
        assertThat(check(container(container -> container
                .setTty(true)
                .setReadOnly(true)
                .addMounts(Mount.newBuilder().setTarget("/a").setType(Mount.Type.TMPFS))
                .putSysctls("a", "b"))))
                .isEmpty();
    }

    /** SwarmKit's clients send messages that say nothing. */
    @Test
    void anEmptyMessageIsNotSet() {
        assertThat(check(spec -> {
            spec.getEndpointBuilder();
            spec.getRollbackBuilder();
            spec.getTaskBuilder().getLogDriverBuilder();
        }))
                .isEmpty();
    }

    private static final Refusal RAFT = Refusal.unimplemented("spec.raft.election_tick is not supported yet");

    private static ClusterSpec.Builder clusterSpec() {
        ClusterSpec.Builder spec = ClusterSpec.newBuilder();
        spec.getRaftBuilder().setElectionTick(10);
        return spec;
    }

    @Test
    void whatIsStoredAlreadyIsNoNews() {
        ClusterSpec stored = clusterSpec().build();
        ClusterSpec.Builder changed = clusterSpec();
        changed.getOrchestrationBuilder().setTaskHistoryRetentionLimit(2);
        assertThat(Unsupported.in(SupportedFields.CLUSTER, changed.build(), stored)).isEmpty();
        assertThat(Unsupported.in(SupportedFields.CLUSTER, changed.build())).contains(RAFT);
    }

    @Test
    void takingAwayIsAChangeToo() {
        ClusterSpec stored = clusterSpec().build();
        assertThat(Unsupported.in(SupportedFields.CLUSTER, ClusterSpec.getDefaultInstance(), stored))
                .contains(RAFT);
    }

    private static Optional<Refusal> check(Consumer<ServiceSpec.Builder> change) {
        ServiceSpec.Builder spec = spec("web");
        change.accept(spec);
        return Unsupported.in(SupportedFields.SERVICE, spec.build());
    }

    private static Consumer<ServiceSpec.Builder> change(Consumer<ServiceSpec.Builder> change) {
        return change;
    }

    private static Consumer<ServiceSpec.Builder> container(Consumer<ContainerSpec.Builder> change) {
        return spec -> change.accept(spec.getTaskBuilder().getContainerBuilder());
    }
}
