package io.osmia.scheduler.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.swarmkit.DiscreteGenericResource;
import io.osmia.wire.swarmkit.GenericResource;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.PortConfig;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AccountingTest {

    private static final HostPort PORT = new HostPort(PortConfig.Protocol.TCP, 80);

    private final Accounting accounting = new Accounting();

    @BeforeEach
    void oneNode() {
        Node.Builder node = Node.newBuilder().setId("n1");
        node.getDescriptionBuilder()
                .getResourcesBuilder()
                .setNanoCpus(10)
                .setMemoryBytes(100)
                .addGeneric(apples(5));
        accounting.put(node.build());
    }

    @Test
    @DisplayName("SCH-049")
    void removingATaskReturnsWhatItHad() {
        NodeState.Account before = accounting.node("n1").account();
        accounting.place(task());
        NodeState node = accounting.node("n1");
        assertThat(node.available().nanoCpus()).isEqualTo(7);
        assertThat(node.available().memoryBytes()).isEqualTo(60);
        assertThat(node.available().discrete()).containsEntry("apple", 3L);
        assertThat(node.uses(PORT)).isTrue();
        accounting.remove("t1");
        assertThat(node.account()).isEqualTo(before);
        assertThat(accounting.remove("t1")).isNull();
        assertThat(node.account()).isEqualTo(before);
    }

    @Test
    @DisplayName("SCH-050")
    void addingATaskTwiceCountsOnce() {
        accounting.place(task());
        NodeState.Account once = accounting.node("n1").account();
        accounting.place(task());
        assertThat(accounting.node("n1").account()).isEqualTo(once);
        assertThat(accounting.node("n1").activeTasks("s")).isOne();
        accounting.place(task().toBuilder().setDesiredState(TaskState.SHUTDOWN).build());
        assertThat(accounting.node("n1").activeTasks("s")).isZero();
        assertThat(accounting.node("n1").activeTasks()).isZero();
        assertThat(accounting.node("n1").available().memoryBytes()).isEqualTo(60);
    }

    @Test
    void aNodeThatComesBackHasItsTasks() {
        accounting.place(task());
        accounting.removeNode("n1");
        assertThat(accounting.node("n1")).isNull();
        assertThat(accounting.nodes()).isEmpty();
        oneNode();
        assertThat(accounting.node("n1").activeTasks("s")).isOne();
    }

    private static Task task() {
        Task.Builder task =
                Task.newBuilder().setId("t1").setServiceId("s").setNodeId("n1").setDesiredState(TaskState.RUNNING);
        task.getSpecBuilder().getResourcesBuilder().getReservationsBuilder().setNanoCpus(3).setMemoryBytes(40);
        task.addAssignedGenericResources(apples(2));
        task.getEndpointBuilder()
                .addPortsBuilder()
                .setPublishMode(PortConfig.PublishMode.HOST)
                .setPublishedPort(80);
        return task.build();
    }

    private static GenericResource apples(long count) {
        return GenericResource.newBuilder()
                .setDiscreteResourceSpec(DiscreteGenericResource.newBuilder().setKind("apple").setValue(count))
                .build();
    }
}
