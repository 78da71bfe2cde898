package io.osmia.scheduler.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever happens, no node has more than it can take, and nobody waits who could run. */
class SchedulerPropertyTest {

    private static final long ROOM = 1000;

    /** Something happens to the node or task of that number. */
    record Event(Kind kind, int number) {}

    enum Kind {
        NODE_JOINS,
        NODE_GOES_DOWN,
        NODE_IS_BACK,
        TASK_COMES,
        TASK_FAILS,
        TASK_GOES
    }

    @Property(tries = 200)
    void nodesAreFullOrNobodyWaits(@ForAll("events") List<Event> events) {
        Scene scene = new Scene();
        scene.service("s", 1, Map.of());
        scene.start();
        events.forEach(event -> {
            happen(scene, event);
            scene.simulation.settle();
        });
        scene.run();
        List<Task> tasks = scene.simulation.store().view().find(Table.TASKS, By.ALL);
        boolean waiting = tasks.stream().anyMatch(task -> task.getStatus().getState() == TaskState.PENDING);
        for (var node : scene.simulation.store().view().find(Table.NODES, By.ALL)) {
            long used = tasks.stream()
                    .filter(task -> task.getNodeId().equals(node.getId()))
                    .filter(task -> task.getStatus().getState().getNumber() <= TaskState.RUNNING.getNumber())
                    .mapToLong(task -> task.getSpec().getResources().getReservations().getMemoryBytes())
                    .sum();
            assertThat(used).isLessThanOrEqualTo(ROOM);
            if (waiting && node.getStatus().getState() == NodeStatus.State.READY) {
                assertThat(used).isGreaterThan(ROOM - 400);
            }
        }
        assertThat(tasks)
                .filteredOn(task -> task.getStatus().getState() == TaskState.PENDING)
                .allSatisfy(task -> assertThat(task.getStatus().getErr()).startsWith("no suitable node"));
    }

    private static void happen(Scene scene, Event event) {
        String node = "n" + event.number() % 3;
        boolean exists = scene.simulation.store().view().get(Table.NODES, node) != null;
        String task = "t%05d".formatted(event.number());
        boolean there = scene.simulation.store().view().get(Table.TASKS, task) != null;
        switch (event.kind()) {
            case NODE_JOINS -> {
                if (!exists) {
                    scene.node(node, one -> one.getDescriptionBuilder().getResourcesBuilder().setMemoryBytes(ROOM));
                }
            }
            case NODE_GOES_DOWN -> status(scene, node, exists, NodeStatus.State.DOWN);
            case NODE_IS_BACK -> status(scene, node, exists, NodeStatus.State.READY);
            case TASK_COMES -> scene.task("s", Scene.spec(1).andThen(one -> SchedulerTest.reserve(one, 400)));
            case TASK_FAILS -> {
                if (there) {
                    scene.state(task, TaskState.FAILED);
                }
            }
            case TASK_GOES -> {
                if (there) {
                    scene.removeTask(task);
                }
            }
        }
    }

    private static void status(Scene scene, String node, boolean exists, NodeStatus.State state) {
        if (exists) {
            scene.changeNode(node, builder -> builder.getStatusBuilder().setState(state));
        }
    }

    @Provide
    Arbitrary<List<Event>> events() {
        return Combinators.combine(
                Arbitraries.of(Kind.class), Arbitraries.integers().between(0, 12))
                .as(Event::new)
                .list()
                .ofMaxSize(40);
    }
}
