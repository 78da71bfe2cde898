package io.osmia.orchestrator.internal;

import static io.osmia.orchestrator.internal.Scene.constraints;
import static io.osmia.orchestrator.internal.Scene.image;
import static io.osmia.orchestrator.internal.Scene.replicas;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.orchestrator.DirtyCheck;
import io.osmia.scheduler.PlacementRules.Match;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever happens, in whatever order: in the end each service has what it asks for. */
class ConvergencePropertyTest {

    private static final List<String> NODES = List.of("a", "b", "c");
    private static final List<String> SERVICES = List.of("one", "two", "everywhere", "somewhere");
    private static final List<String> IMAGES = List.of("one", "two", "stubborn", "fail");

    private final DirtyCheck check = new DirtyCheck((p, n) -> Scene.match(p, n) != Match.NO);

    /** One thing that happens to the cluster. */
    sealed interface Happening {

        record Deploy(int service, int image, int replicas) implements Happening {}

        record Remove(int service) implements Happening {}

        record End(int task, TaskState state) implements Happening {}

        record Delete(int task) implements Happening {}

        record NodeIs(int node, int condition) implements Happening {}

        record Label(int node, int colour) implements Happening {}

        record Pass(int millis) implements Happening {}

        /** Another manager takes over: everything in memory is lost. */
        record NewLeader() implements Happening {}
    }

    @Provide
    Arbitrary<List<Happening>> happenings() {
        Arbitrary<Integer> any = Arbitraries.integers().between(0, 100);
        Arbitrary<Happening> one = Arbitraries.frequencyOf(
                Tuple.of(4, deployments(any)),
                Tuple.of(1, any.map(Happening.Remove::new)),
                Tuple.of(4, ends(any)),
                Tuple.of(1, any.map(Happening.Delete::new)),
                Tuple.of(4, Combinators.combine(any, any).as(Happening.NodeIs::new)),
                Tuple.of(2, Combinators.combine(any, any).as(Happening.Label::new)),
                Tuple.of(4, Arbitraries.integers().between(1, 20_000).map(Happening.Pass::new)),
                Tuple.of(1, Arbitraries.create(Happening.NewLeader::new)));
        return one.list().ofMinSize(1).ofMaxSize(40);
    }

    private static Arbitrary<Happening> deployments(Arbitrary<Integer> any) {
        return Combinators.combine(any, any, Arbitraries.integers().between(0, 5)).as(Happening.Deploy::new);
    }

    private static Arbitrary<Happening> ends(Arbitrary<Integer> any) {
        return Combinators.combine(any, Arbitraries.of(TaskState.FAILED, TaskState.COMPLETE, TaskState.REJECTED))
                .as(Happening.End::new);
    }

    @Property(tries = 300)
    void eachServiceEndsWithWhatItAsksFor(@ForAll("happenings") List<Happening> happenings) {
        Scene scene = new Scene();
        NODES.forEach(scene::node);
        Switch leader = new Switch(scene);
        scene.sim.add("leader", leader);
        scene.sim.add("growth", new GrowthCheck());
        scene.workers();
        for (Happening happening : happenings) {
            apply(scene, leader, happening);
            verifyAtAnyTime(scene);
        }
        rest(scene);
        verify(scene);
    }

    private static void apply(Scene scene, Switch leader, Happening happening) {
        switch (happening) {
            case Happening.Deploy deploy -> deploy(scene, deploy);
            case Happening.Remove(int s) -> removeService(scene, pick(SERVICES, s));
            case Happening.End(int t, TaskState state) -> end(scene, t, state);
            case Happening.Delete(int t) -> delete(scene, t);
            case Happening.NodeIs(int n, int condition) -> nodeIs(scene, pick(NODES, n), condition);
            case Happening.Label(int n, int colour) -> label(scene, pick(NODES, n), colour);
            case Happening.Pass(int millis) -> scene.sim.advance(Duration.ofMillis(millis));
            case Happening.NewLeader() -> leader.change();
        }
        scene.sim.settle();
    }

    private static <T> T pick(List<T> list, int index) {
        return list.get(index % list.size());
    }

    private static void deploy(Scene scene, Happening.Deploy deploy) {
        String name = pick(SERVICES, deploy.service());
        String image = pick(IMAGES, deploy.image());
        boolean global = name.endsWith("where");
        if (scene.get("service-" + name) != null) {
            scene.update(
                    "service-" + name, image(image), global ? spec -> spec : replicas(deploy.replicas()));
        } else if (name.equals("somewhere")) {
            scene.globalService(name, image(image), constraints("colour==red"));
        } else if (global) {
            scene.globalService(name, image(image));
        } else {
            scene.service(name, deploy.replicas(), image(image));
        }
    }

    private static void removeService(Scene scene, String name) {
        if (scene.get("service-" + name) != null) {
            scene.removeService("service-" + name);
        }
    }

    private static void end(Scene scene, int index, TaskState state) {
        List<Task> running = scene.sim.store().view().find(Table.TASKS, By.observed(TaskState.RUNNING));
        if (!running.isEmpty()) {
            scene.observe(pick(running, index).getId(), state);
        }
    }

    private static void delete(Scene scene, int index) {
        List<Task> tasks = scene.sim.store().view().find(Table.TASKS, By.ALL);
        if (!tasks.isEmpty()) {
            scene.removeTask(pick(tasks, index).getId());
        }
    }

    private static void nodeIs(Scene scene, String node, int condition) {
        switch (condition % 5) {
            case 0 -> scene.down(node);
            case 1 -> scene.drain(node);
            case 2 -> scene.pause(node);
            case 3 -> {
                if (scene.sim.store().view().get(Table.NODES, node) != null) {
                    scene.removeNode(node);
                }
            }
            default -> scene.node(node);
        }
    }

    private static void label(Scene scene, String node, int colour) {
        if (scene.sim.store().view().get(Table.NODES, node) != null) {
            scene.label(node, "colour", colour % 2 == 0 ? "red" : "blue");
        }
    }

    /** The trouble ends: nodes work, images too; what was paused is submitted again. */
    private static void rest(Scene scene) {
        NODES.forEach(scene::node);
        scene.sim.advance(Duration.ofMinutes(2));
        for (Service service : scene.sim.store().view().find(Table.SERVICES, By.ALL)) {
            scene.update(service.getId(), image("final"));
        }
        scene.sim.advance(Duration.ofMinutes(15));
    }

    /** Stop first: a slot never has two tasks that are meant to run, nor two that do; none is left without one. */
    private static void verifyAtAnyTime(Scene scene) {
        View view = scene.sim.store().view();
        for (Service service : view.find(Table.SERVICES, By.ALL)) {
            List<Task> live = scene.live(service.getId());
            assertThat(live.stream().map(SlotKey::of)).as("slots").doesNotHaveDuplicates();
            assertThat(scene.tasks(service.getId()).stream()
                    .filter(t -> t.getStatus().getState() == TaskState.RUNNING)
                    .filter(t -> !Tasks.stopped(view, t))
                    .filter(t -> !Scene.image(t).equals("stubborn"))
                    .map(SlotKey::of))
                    .as("slots with something running")
                    .doesNotHaveDuplicates();
            if (service.getSpec().hasReplicated()) {
                assertThat(live.size()).isEqualTo((int) service.getSpec().getReplicated().getReplicas());
            }
            assertThat(live).as("on nodes that must not")
                    .noneMatch(t -> Tasks.desires(t, TaskState.RUNNING) && Tasks.onInvalidNode(view, t));
            if (service.getSpec().hasGlobal()) {
                List<String> active = candidates(view, service).filter(n -> !Tasks.paused(n)).map(Node::getId).toList();
                assertThat(live).filteredOn(t -> !onPaused(view, t)).extracting(Task::getNodeId)
                        .containsExactlyInAnyOrderElementsOf(active);
            }
        }
    }

    private static boolean onPaused(View view, Task task) {
        Node node = view.get(Table.NODES, task.getNodeId());
        return node != null && Tasks.paused(node);
    }

    private void verify(Scene scene) {
        View view = scene.sim.store().view();
        List<Task> live = new ArrayList<>();
        for (Service service : view.find(Table.SERVICES, By.ALL)) {
            List<Task> tasks = scene.live(service.getId());
            live.addAll(tasks);
            assertThat(tasks.stream().map(SlotKey::of).distinct().count())
                    .as("slots of %s", service.getId())
                    .isEqualTo(tasks.size())
                    .isEqualTo(wanted(view, service));
            assertThat(tasks).allSatisfy(t -> {
                assertThat(t.getStatus().getState()).isEqualTo(TaskState.RUNNING);
                Node node = view.get(Table.NODES, t.getNodeId());
                assertThat(check.dirty(service, t, node)).isFalse();
            });
        }
        assertThat(view.find(Table.TASKS, By.ALL).stream().filter(t -> !Tasks.dead(t)))
                .filteredOn(t -> !Scene.image(t).equals("stubborn"))
                .as("nothing runs but what is asked for")
                .containsExactlyInAnyOrderElementsOf(live);
    }

    private static long wanted(View view, Service service) {
        if (service.getSpec().hasReplicated()) {
            return service.getSpec().getReplicated().getReplicas();
        }
        return candidates(view, service).count();
    }

    private static Stream<Node> candidates(View view, Service service) {
        return view.find(Table.NODES, By.ALL).stream()
                .filter(n -> !Tasks.invalid(n))
                .filter(n -> Scene.match(service.getSpec().getTask().getPlacement(), n) == Match.YES);
    }
}
