package io.osmia.scheduler.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.swarmkit.DiscreteGenericResource;
import io.osmia.wire.swarmkit.GenericResource;
import io.osmia.wire.swarmkit.NamedGenericResource;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.PortConfig;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is folded from changes equals a count from the beginning. */
class AccountingPropertyTest {

    /** A change: a node or a task comes in another form, or goes. */
    sealed interface Step {
        record PutNode(Node node) implements Step {}

        record RemoveNode(String id) implements Step {}

        record PutTask(Task task) implements Step {}

        record RemoveTask(String id) implements Step {}
    }

    @Property
    void foldingEqualsCounting(@ForAll("steps") List<Step> steps) {
        Accounting folded = new Accounting();
        Map<String, Node> nodes = new TreeMap<>();
        Map<String, Task> tasks = new TreeMap<>();
        for (Step step : steps) {
            switch (step) {
                case Step.PutNode(Node node) -> {
                    folded.put(node);
                    nodes.put(node.getId(), node);
                }
                case Step.RemoveNode(String id) -> {
                    folded.removeNode(id);
                    nodes.remove(id);
                }
                case Step.PutTask(Task task) -> {
                    folded.place(task);
                    tasks.put(task.getId(), task);
                }
                case Step.RemoveTask(String id) -> {
                    folded.remove(id);
                    tasks.remove(id);
                }
            }
        }
        Accounting counted = new Accounting();
        nodes.values().forEach(counted::put);
        tasks.values().forEach(counted::place);
        // a node that is gone says nothing of what it offers
        assertThat(known(folded)).isEqualTo(known(counted));
        assertThat(folded.accounts().keySet()).isEqualTo(counted.accounts().keySet());
    }

    private static Map<String, NodeState.Account> known(Accounting accounting) {
        Map<String, NodeState.Account> known = new TreeMap<>();
        accounting.accounts().forEach((id, account) -> {
            if (account.known()) {
                known.put(id, account);
            }
        });
        return known;
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<String> nodeId = Arbitraries.of("n1", "n2", "n3");
        Arbitrary<String> taskId = Arbitraries.of("t1", "t2", "t3", "t4", "t5");
        Arbitrary<Step> step = Arbitraries.oneOf(
                Combinators.combine(nodeId, Arbitraries.integers().between(0, 9)).as(AccountingPropertyTest::node),
                nodeId.map(Step.RemoveNode::new),
                Combinators.combine(
                        taskId,
                        nodeId,
                        Arbitraries.of("s1", "s2"),
                        Arbitraries.of(TaskState.RUNNING, TaskState.SHUTDOWN),
                        Arbitraries.integers().between(0, 3))
                        .as(AccountingPropertyTest::task),
                taskId.map(Step.RemoveTask::new));
        return step.list().ofMaxSize(60);
    }

    private static Step node(String id, int size) {
        Node.Builder node = Node.newBuilder().setId(id);
        node.getDescriptionBuilder()
                .getResourcesBuilder()
                .setNanoCpus(size)
                .setMemoryBytes(10L * size)
                .addGeneric(discrete(size))
                .addGeneric(named("a"))
                .addGeneric(named("b" + size));
        return new Step.PutNode(node.build());
    }

    private static Step task(String id, String node, String service, TaskState desired, int size) {
        Task.Builder task =
                Task.newBuilder().setId(id).setNodeId(node).setServiceId(service).setDesiredState(desired);
        task.getSpecBuilder().getResourcesBuilder().getReservationsBuilder().setNanoCpus(size).setMemoryBytes(size);
        task.addAssignedGenericResources(discrete(size)).addAssignedGenericResources(named("b" + size));
        task.getEndpointBuilder()
                .addPortsBuilder()
                .setPublishMode(PortConfig.PublishMode.HOST)
                .setPublishedPort(size);
        return new Step.PutTask(task.build());
    }

    private static GenericResource discrete(long value) {
        return GenericResource.newBuilder()
                .setDiscreteResourceSpec(DiscreteGenericResource.newBuilder().setKind("apple").setValue(value))
                .build();
    }

    private static GenericResource named(String value) {
        return GenericResource.newBuilder()
                .setNamedResourceSpec(NamedGenericResource.newBuilder().setKind("gpu").setValue(value))
                .build();
    }
}
