package io.osmia.agent.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Port;
import io.osmia.api.executor.Workload;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.GenericRuntimeSpec;
import io.osmia.wire.swarmkit.HealthConfig;
import io.osmia.wire.swarmkit.Mount;
import io.osmia.wire.swarmkit.PortConfig;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TaskMappingTest {

    static Stream<FieldDescriptor> fields() {
        return ContainerSpec.getDescriptor().getFields().stream();
    }

    /** A spec with nothing but that field, at some value that is not its default. */
    private static ContainerSpec only(FieldDescriptor field) {
        return (ContainerSpec) set(ContainerSpec.newBuilder(), field);
    }

    private static Message set(Message.Builder spec, FieldDescriptor field) {
        if (field.isMapField()) {
            Message.Builder entry = spec.newBuilderForField(field);
            entry.setField(field.getMessageType().findFieldByName("key"), "k");
            entry.setField(field.getMessageType().findFieldByName("value"), "v");
            return spec.addRepeatedField(field, entry.build()).build();
        }
        Object value = switch (field.getJavaType()) {
            case STRING -> "text";
            case BOOLEAN -> true;
            case LONG -> 7L;
            case INT -> 7;
            case BYTE_STRING -> ByteString.copyFromUtf8("text");
            case ENUM -> field.getEnumType().getValues().get(1);
            case MESSAGE -> filled(spec.newBuilderForField(field));
            default -> throw new AssertionError("no value for " + field);
        };
        return (field.isRepeated() ? spec.addRepeatedField(field, value) : spec.setField(field, value)).build();
    }

    private static Message filled(Message.Builder message) {
        FieldDescriptor first = message.getDescriptorForType().getFields().getFirst();
        return set(message, first);
    }

    @ParameterizedTest
    @MethodSource("fields")
    void everyFieldOfAContainerSpecReachesTheWorkload(FieldDescriptor field) {
        ContainerSpec spec = only(field);
        assertThat(TaskMapping.workload("", spec))
                .as("field %s is dropped on the way to the executor", field.getName())
                .isNotEqualTo(TaskMapping.workload("", ContainerSpec.getDefaultInstance()));
    }

    /** Every field of the sub-messages that have a type of their own, at any depth, as a spec with nothing but it. */
    static Stream<Arguments> nestedFields() {
        return fields()
                .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField())
                .filter(field -> !TaskMapping.OPAQUE.contains(field.getName()))
                .flatMap(field -> nested(ContainerSpec.newBuilder().newBuilderForField(field), field.getName())
                        .map(path -> Arguments.of(path.name(), with(field, path.message()))));
    }

    private record Path(String name, Message message) {}

    private static ContainerSpec with(FieldDescriptor field, Message message) {
        ContainerSpec.Builder spec = ContainerSpec.newBuilder();
        return (field.isRepeated() ? spec.addRepeatedField(field, message) : spec.setField(field, message)).build();
    }

    private static Stream<Path> nested(Message.Builder empty, String name) {
        return empty.getDescriptorForType().getFields().stream().flatMap(field -> {
            String path = name + "." + field.getName();
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField()) {
                return nested(empty.clone().newBuilderForField(field), path)
                        .map(inner -> new Path(
                                inner.name(),
                                (field.isRepeated()
                                        ? empty.clone().addRepeatedField(field, inner.message())
                                        : empty.clone().setField(field, inner.message()))
                                        .build()));
            }
            return Stream.of(new Path(path, set(empty.clone(), field)));
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nestedFields")
    void everyFieldOfItsSubMessagesReachesTheWorkload(String path, ContainerSpec spec) {
        ContainerSpec empty = ContainerSpec.newBuilder()
                .setHealthcheck(HealthConfig.getDefaultInstance())
                .build();
        Workload nothing = TaskMapping.workload("", empty);
        Workload withEmptyMount =
                nothing.toBuilder().mounts(List.of(ContainerParts.mount(Mount.getDefaultInstance()))).build();
        Workload withEmptyLimit =
                nothing.toBuilder().ulimits(List.of(new Workload.Ulimit("", 0, 0))).build();
        assertThat(TaskMapping.workload("", spec)).as(path).isNotIn(nothing, withEmptyMount, withEmptyLimit);
    }

    @ParameterizedTest
    @MethodSource("fields")
    void aFieldThatIsNotHonouredIsNamed(FieldDescriptor field) {
        ContainerSpec spec = only(field);
        Task task = Tasks.task("t", TaskState.RUNNING, spec);
        if (field.getName().equals("image")) {
            assertThat(UnhonouredFields.first(task, spec, Set.of())).isEmpty();
        } else {
            assertThat(UnhonouredFields.first(task, spec, Set.of())).contains(field.getName());
            assertThat(UnhonouredFields.first(task, spec, Set.of(field.getName()))).isEmpty();
        }
    }

    @Test
    void anOpaqueFieldTravelsInWireForm() throws Exception {
        ContainerSpec spec = only(ContainerSpec.getDescriptor().findFieldByName("secrets"));
        byte[] wire = TaskMapping.workload("", spec).opaque().get("secrets");
        assertThat(ContainerSpec.parseFrom(wire)).isEqualTo(spec);
    }

    @Test
    void aGraceThatNobodyCanWaitForIsShortened() {
        ContainerSpec.Builder spec = ContainerSpec.newBuilder();
        spec.getStopGracePeriodBuilder().setSeconds(Long.MAX_VALUE);
        assertThat(TaskMapping.workload("", spec.build()).stopGracePeriod().toNanos()).isPositive();
        spec.getStopGracePeriodBuilder().setSeconds(30);
        assertThat(TaskMapping.workload("", spec.build()).stopGracePeriod()).hasSeconds(30);
    }

    @Test
    void aTaskIsNamedByServiceSlotAndId() {
        ExecutorTask task = TaskMapping.task(
                Tasks.task("t1", TaskState.RUNNING), ContainerSpec.getDefaultInstance(), "node");
        assertThat(task.name()).isEqualTo("web.1.t1");
        Task global = Tasks.task("t1", TaskState.RUNNING).toBuilder().setSlot(0).build();
        assertThat(TaskMapping.name(global, "node")).isEqualTo("web.node.t1");
    }

    @Test
    void portsOfTheHostReachTheExecutorAndThoseOfTheClusterDoNot() {
        Task.Builder task = Tasks.task("t", TaskState.RUNNING).toBuilder();
        PortConfig ingress = PortConfig.newBuilder().setTargetPort(80).setPublishedPort(8080).build();
        task.getEndpointBuilder().getSpecBuilder().addPorts(ingress);
        assertThat(UnhonouredFields.first(task.build(), ContainerSpec.getDefaultInstance(), Set.of())).isEmpty();
        task.getEndpointBuilder().getSpecBuilder().addPortsBuilder()
                .setName("dns")
                .setTargetPort(53)
                .setProtocol(PortConfig.Protocol.UDP)
                .setPublishMode(PortConfig.PublishMode.HOST);
        assertThat(TaskMapping.task(task.build(), ContainerSpec.getDefaultInstance(), "n").ports())
                .containsExactly(new Port("dns", Port.Protocol.UDP, 53, 0));
        assertThat(UnhonouredFields.first(task.build(), ContainerSpec.getDefaultInstance(), Set.of()))
                .contains("ports");
    }

    @Test
    void whatTheSchedulerGaveIsInTheEnvironment() {
        Task.Builder task = Tasks.task("t", TaskState.RUNNING).toBuilder();
        task.addAssignedGenericResourcesBuilder().getNamedResourceSpecBuilder().setKind("gpu").setValue("a");
        task.addAssignedGenericResourcesBuilder().getNamedResourceSpecBuilder().setKind("gpu").setValue("b");
        task.addAssignedGenericResourcesBuilder().getDiscreteResourceSpecBuilder().setKind("ssd").setValue(3);
        ContainerSpec spec = ContainerSpec.newBuilder().addEnv("A=1").build();
        assertThat(TaskMapping.task(task.build(), spec, "n").environment())
                .containsExactly("A=1", "DOCKER_RESOURCE_GPU=a,b", "DOCKER_RESOURCE_SSD=3");
    }

    @Test
    void limitsThatAreNotHonouredAreNamed() {
        Task.Builder task = Tasks.task("t", TaskState.RUNNING).toBuilder();
        task.getSpecBuilder().getResourcesBuilder().getReservationsBuilder().setMemoryBytes(5);
        assertThat(UnhonouredFields.first(task.build(), ContainerSpec.getDefaultInstance(), Set.of()))
                .isEmpty();
        task.getSpecBuilder().getResourcesBuilder().getLimitsBuilder().setMemoryBytes(5);
        assertThat(UnhonouredFields.first(task.build(), ContainerSpec.getDefaultInstance(), Set.of()))
                .contains("resources.memory_bytes");
    }

    @Test
    void optionsOfALogDriverWithoutANameAskForSomething() {
        Task.Builder task = Tasks.task("t", TaskState.RUNNING).toBuilder();
        task.getLogDriverBuilder().putOptions("max-size", "1m");
        assertThat(UnhonouredFields.first(task.build(), ContainerSpec.getDefaultInstance(), Set.of()))
                .contains("log_driver");
        assertThat(UnhonouredFields.first(task.build(), ContainerSpec.getDefaultInstance(), Set.of("log_driver")))
                .isEmpty();
    }

    @Test
    void equalSpecsHaveEqualDigestsWhateverTheOrderOfTheirLabels() {
        ContainerSpec one = ContainerSpec.newBuilder().putLabels("a", "1").putLabels("b", "2").build();
        ContainerSpec other = ContainerSpec.newBuilder().putLabels("b", "2").putLabels("a", "1").build();
        assertThat(TaskMapping.digest(Tasks.task("x", TaskState.RUNNING, one)))
                .isEqualTo(TaskMapping.digest(Tasks.task("y", TaskState.READY, other)))
                .isNotEqualTo(TaskMapping.digest(Tasks.task("x", TaskState.RUNNING)));
    }

    private static Task generic(Any payload) {
        return Tasks.task("t", TaskState.RUNNING).toBuilder()
                .setSpec(TaskSpec.newBuilder()
                        .setGeneric(GenericRuntimeSpec.newBuilder().setKind("process").setPayload(payload)))
                .build();
    }

    @Test
    void thePayloadOfAGenericTaskIsAContainerSpecWhoseImageMeansNothing() throws Exception {
        ContainerSpec spec = ContainerSpec.newBuilder().setImage("alpine").addArgs("true").build();
        assertThat(TaskMapping.container(generic(Any.pack(spec))))
                .isEqualTo(ContainerSpec.newBuilder().addArgs("true").build());
    }

    @Test
    void aMalformedPayloadIsRefusedWithAClearText() {
        Any garbage = Any.newBuilder()
                .setTypeUrl("type.googleapis.com/docker.swarmkit.v1.ContainerSpec")
                .setValue(ByteString.copyFrom(new byte[] {(byte) 0xff, 1, 2}))
                .build();
        assertThatThrownBy(() -> TaskMapping.container(generic(garbage)))
                .isInstanceOf(ExecutorException.class)
                .hasMessageStartingWith("process: payload is not a valid docker.swarmkit.v1.ContainerSpec: ");
        assertThatThrownBy(() -> TaskMapping.container(generic(Any.pack(Task.getDefaultInstance()))))
                .hasMessage("process: payload is a docker.swarmkit.v1.Task, not a docker.swarmkit.v1.ContainerSpec");
    }

    @Test
    void theExecutorIsChosenByImageThenByKind() {
        Executors executors = new Executors();
        FakeExecutor first = new FakeExecutor(new FakeMachine(), "1");
        FakeExecutor newer = new FakeExecutor(new FakeMachine(), "2");
        executors.add(first);
        executors.add(newer);
        for (String image : List.of("osmia/host", "osmia/host:1.2", "docker.io/osmia/host@sha256:" + "ab".repeat(32))) {
            Task task = Tasks.task(
                    "t", TaskState.RUNNING, ContainerSpec.newBuilder().setImage(image).build());
            assertThat(executors.forTask(task).orElseThrow().executor()).isSameAs(newer);
        }
        assertThat(executors.forTask(generic(Any.getDefaultInstance()))).isPresent();
        Task other = Tasks.task(
                "t", TaskState.RUNNING, ContainerSpec.newBuilder().setImage("alpine").build());
        assertThat(executors.forTask(other)).isEmpty();
    }
}
