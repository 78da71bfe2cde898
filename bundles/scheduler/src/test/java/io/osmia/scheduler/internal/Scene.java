package io.osmia.scheduler.internal;

import io.osmia.api.scheduling.Candidate;
import io.osmia.api.scheduling.ConstraintEvaluator;
import io.osmia.api.scheduling.NodeFilter;
import io.osmia.api.scheduling.SchedulingStrategy;
import io.osmia.api.scheduling.TaskGroup;
import io.osmia.constraint.node.NodeConstraints;
import io.osmia.scheduler.internal.plugin.Attempts;
import io.osmia.scheduler.internal.plugin.ConstraintCompiler;
import io.osmia.scheduler.internal.plugin.Installed;
import io.osmia.scheduler.internal.plugin.PluginSet;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.loop.Simulation;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A cluster on a virtual clock: its store and its scheduler, and short ways to put things there. */
final class Scene {

    static final Comparator<Candidate> SPREAD = Comparator.<Candidate>comparingInt(
            candidate -> candidate.recentFailures() < 5 ? 0 : candidate.recentFailures())
            .thenComparingInt(Candidate::serviceTasks)
            .thenComparingInt(Candidate::activeTasks);

    final Simulation simulation = new Simulation(Instant.parse("2026-01-01T00:00:00Z"));
    private long serviceId;
    private long tasks;
    private ConstraintCompiler plugins;
    private Scheduler scheduler;
    Attempts attempts = Attempts.DIRECT;
    private Duration slowness = Duration.ZERO;

    Scene() {
        plugins = new ConstraintCompiler(builtIn().build());
    }

    /** Spread and the constraints on nodes. */
    PluginSet.Builder builtIn() {
        PluginSet.Builder builder = new PluginSet.Builder().strategy(strategy("spread", "1.0.0", SPREAD));
        Installed<ConstraintEvaluator> evaluator =
                new Installed<>(new NodeConstraints(), "node", version("1.0.0"), ++serviceId);
        evaluator.plugin().keys().forEach(key -> builder.evaluator(key, evaluator));
        return builder;
    }

    Installed<SchedulingStrategy> strategy(String name, String version, Comparator<Candidate> order) {
        return strategy(version, new SchedulingStrategy() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Comparator<Candidate> order(TaskGroup group) {
                return order;
            }
        });
    }

    Installed<SchedulingStrategy> strategy(String version, SchedulingStrategy strategy) {
        return new Installed<>(strategy, strategy.name(), version(version), ++serviceId);
    }

    Installed<NodeFilter> filter(NodeFilter filter) {
        return new Installed<>(filter, filter.name(), version("1.0.0"), ++serviceId);
    }

    private static org.osgi.framework.Version version(String text) {
        return new org.osgi.framework.Version(text);
    }

    /** Puts other plugins in the place of those that are there. */
    void install(PluginSet.Builder builder) {
        plugins = new ConstraintCompiler(builder.build());
        if (scheduler != null) {
            scheduler.pluginsChanged();
        }
    }

    /** Starts the scheduler, or starts it anew. */
    Scene start() {
        scheduler =
                new Scheduler(simulation.store(), 1, () -> plugins, attempts, () -> simulation.now().plus(slowness));
        simulation.add("scheduler", scheduler);
        return run();
    }

    /** Lets time pass inside of a call. */
    void slow(Duration time) {
        slowness = slowness.plus(time);
    }

    /** Lets it do all it has to do. */
    Scene run() {
        simulation.advance(Duration.ofMillis(100));
        return this;
    }

    void node(String id) {
        node(id, builder -> {});
    }

    /** A node that is ready and has room. */
    void node(String id, Consumer<Node.Builder> more) {
        Node.Builder builder = Node.newBuilder()
                .setId(id)
                .setStatus(NodeStatus.newBuilder().setState(NodeStatus.State.READY))
                .setSpec(NodeSpec.newBuilder().setAvailability(NodeSpec.Availability.ACTIVE));
        builder.getDescriptionBuilder().setHostname(id).getResourcesBuilder().setNanoCpus(8_000_000_000L)
                .setMemoryBytes(
                        1L << 40);
        more.accept(builder);
        simulation.store().update(1, tx -> tx.create(Table.NODES, builder.build()));
    }

    void changeNode(String id, Consumer<Node.Builder> change) {
        simulation.store().update(1, tx -> {
            Node.Builder builder = tx.get(Table.NODES, id).toBuilder();
            change.accept(builder);
            return tx.update(Table.NODES, builder.build());
        });
    }

    void removeNode(String id) {
        simulation.store().update(1, tx -> {
            tx.delete(Table.NODES, id);
            return null;
        });
    }

    void service(String id, long specVersion, Map<String, String> labels) {
        Service.Builder service =
                Service.newBuilder().setId(id).setSpecVersion(Version.newBuilder().setIndex(specVersion));
        service.getSpecBuilder().getAnnotationsBuilder().setName("name-" + id).putAllLabels(labels);
        simulation.store().update(1, tx -> tx.create(Table.SERVICES, service.build()));
    }

    void changeService(String id, UnaryOperator<Service> change) {
        simulation.store().update(1, tx -> tx.update(Table.SERVICES, change.apply(tx.get(Table.SERVICES, id))));
    }

    void removeService(String id) {
        simulation.store().update(1, tx -> {
            tx.delete(Table.SERVICES, id);
            return null;
        });
    }

    String task(String service) {
        return task(service, builder -> {});
    }

    /** A pending task that is meant to run; its id. */
    String task(String service, Consumer<Task.Builder> more) {
        return tasks(service, 1, more).getFirst();
    }

    /** Several of them, in one transaction. */
    List<String> tasks(String service, int count, Consumer<Task.Builder> more) {
        return simulation.store().update(1, tx -> java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> tx.create(Table.TASKS, build(service, more)).getId())
                .toList());
    }

    private Task build(String service, Consumer<Task.Builder> more) {
        Task.Builder builder = Task.newBuilder()
                .setId("t%05d".formatted(++tasks))
                .setServiceId(service)
                .setDesiredState(TaskState.RUNNING);
        builder.getStatusBuilder().setState(TaskState.PENDING).setMessage("pending task scheduling");
        more.accept(builder);
        return builder.build();
    }

    /** With the version of a spec, so that tasks form a group. */
    static Consumer<Task.Builder> spec(long version) {
        return builder -> builder.getSpecVersionBuilder().setIndex(version);
    }

    /** A task that runs on a node. */
    static Consumer<Task.Builder> running(String node) {
        return builder -> builder.setNodeId(node).getStatusBuilder().setState(TaskState.RUNNING);
    }

    void changeTask(String id, Consumer<Task.Builder> change) {
        simulation.store().update(1, tx -> {
            Task.Builder builder = tx.get(Table.TASKS, id).toBuilder();
            change.accept(builder);
            return tx.update(Table.TASKS, builder.build());
        });
    }

    void state(String id, TaskState state) {
        changeTask(id, builder -> builder.getStatusBuilder().setState(state));
    }

    void removeTask(String id) {
        simulation.store().update(1, tx -> {
            tx.delete(Table.TASKS, id);
            return null;
        });
    }

    Task stored(String id) {
        return simulation.store().view().get(Table.TASKS, id);
    }

    /** Where the task is to run; empty while it waits. */
    String nodeOf(String id) {
        return stored(id).getNodeId();
    }

    String error(String id) {
        return stored(id).getStatus().getErr();
    }

    /** How many tasks of a service each node has, by id; those without a node under the empty one. */
    Map<String, Long> spread(String service) {
        return simulation.store().view().find(Table.TASKS, By.service(service)).stream()
                .filter(task -> task.getStatus().getState().getNumber() <= TaskState.RUNNING.getNumber())
                .collect(Collectors.groupingBy(Task::getNodeId, TreeMap::new, Collectors.counting()));
    }
}
