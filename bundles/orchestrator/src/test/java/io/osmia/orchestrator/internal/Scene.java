package io.osmia.orchestrator.internal;

import io.osmia.scheduler.PlacementRules.Match;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.store.loop.Simulation;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.GlobalService;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Placement;
import io.osmia.wire.swarmkit.ReplicatedService;
import io.osmia.wire.swarmkit.RestartPolicy;
import io.osmia.wire.swarmkit.RestartPolicy.RestartCondition;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A store on a virtual clock with orchestrators on it, and short words for what tests do to it. */
final class Scene {

    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    static final Duration OLD_TASK_TIMEOUT = Duration.ofSeconds(60);

    final Simulation sim = new Simulation(START);

    Scene replicated() {
        sim.add("replicated", new ReplicatedOrchestrator(sim.store(), 1, sim.ids(), Scene::match, OLD_TASK_TIMEOUT));
        sim.settle();
        return this;
    }

    Scene global() {
        sim.add("global", new GlobalOrchestrator(sim.store(), 1, sim.ids(), Scene::match, OLD_TASK_TIMEOUT));
        sim.settle();
        return this;
    }

    Scene reaper() {
        sim.add("reaper", new TaskReaper(sim.store(), 1));
        sim.settle();
        return this;
    }

    /** From now on somebody assigns tasks and runs them. */
    Scene workers() {
        sim.add("workers", new Workers(sim.store()));
        sim.settle();
        return this;
    }

    /** A constraint is {@code key==value} of a node label; {@code unknown} is one that nobody evaluates now. */
    static Match match(Placement placement, Node node) {
        for (String constraint : placement.getConstraintsList()) {
            if (constraint.equals("unknown")) {
                return Match.UNKNOWN;
            }
            String[] sides = constraint.split("==");
            String label = node.getSpec().getAnnotations().getLabelsMap().getOrDefault(sides[0], "");
            if (!label.equals(sides[1])) {
                return Match.NO;
            }
        }
        return Match.YES;
    }

    // what is asked for

    static TaskSpec.Builder taskSpec(String image) {
        return TaskSpec.newBuilder().setContainer(ContainerSpec.newBuilder().setImage(image));
    }

    static UnaryOperator<ServiceSpec.Builder> image(String image) {
        return spec -> spec.setTask(spec.getTask().toBuilder()
                .setContainer(spec.getTask().getContainer().toBuilder().setImage(image)));
    }

    static UnaryOperator<ServiceSpec.Builder> replicas(long replicas) {
        return spec -> spec.setReplicated(ReplicatedService.newBuilder().setReplicas(replicas));
    }

    static UnaryOperator<ServiceSpec.Builder> restart(RestartPolicy.Builder policy) {
        return spec -> spec.setTask(spec.getTask().toBuilder().setRestart(policy));
    }

    static UnaryOperator<ServiceSpec.Builder> constraints(String... constraints) {
        return spec -> spec.setTask(spec.getTask().toBuilder()
                .setPlacement(Placement.newBuilder().addAllConstraints(List.of(constraints))));
    }

    static RestartPolicy.Builder policy(RestartCondition condition, Duration delay) {
        return RestartPolicy.newBuilder().setCondition(condition).setDelay(proto(delay));
    }

    static com.google.protobuf.Duration proto(Duration time) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(time.getSeconds())
                .setNanos(time.getNano())
                .build();
    }

    @SafeVarargs
    final String service(String name, long replicas, UnaryOperator<ServiceSpec.Builder>... more) {
        return create(name, replicas(replicas), more);
    }

    @SafeVarargs
    final String globalService(String name, UnaryOperator<ServiceSpec.Builder>... more) {
        return create(name, spec -> spec.setGlobal(GlobalService.getDefaultInstance()), more);
    }

    private String create(
            String name, UnaryOperator<ServiceSpec.Builder> mode, UnaryOperator<ServiceSpec.Builder>[] more) {
        ServiceSpec.Builder spec = mode.apply(ServiceSpec.newBuilder()
                .setAnnotations(Annotations.newBuilder().setName(name))
                .setTask(taskSpec("one")));
        for (UnaryOperator<ServiceSpec.Builder> change : more) {
            spec = change.apply(spec);
        }
        String id = "service-" + name;
        Service service = Service.newBuilder()
                .setId(id)
                .setSpec(spec)
                .setSpecVersion(io.osmia.wire.swarmkit.Version.getDefaultInstance())
                .build();
        write(tx -> tx.create(Table.SERVICES, service));
        return id;
    }

    /** As the control API does it (rule 1.4.18). */
    @SafeVarargs
    final void update(String id, UnaryOperator<ServiceSpec.Builder>... changes) {
        write(tx -> {
            Service service = tx.get(Table.SERVICES, id);
            ServiceSpec.Builder spec = service.getSpec().toBuilder();
            for (UnaryOperator<ServiceSpec.Builder> change : changes) {
                spec = change.apply(spec);
            }
            tx.update(
                    Table.SERVICES,
                    service.toBuilder()
                            .setPreviousSpec(service.getSpec())
                            .setPreviousSpecVersion(service.getSpecVersion())
                            .setSpec(spec)
                            .setSpecVersion(service.getMeta().getVersion())
                            .clearUpdateStatus()
                            .build());
        });
    }

    void removeService(String id) {
        write(tx -> tx.delete(Table.SERVICES, id));
    }

    // nodes

    void node(String id) {
        node(id, NodeStatus.State.READY, NodeSpec.Availability.ACTIVE);
    }

    /** Creates the node or changes it. */
    void node(String id, NodeStatus.State state, NodeSpec.Availability availability) {
        write(tx -> {
            Node old = tx.get(Table.NODES, id);
            Node.Builder node = old == null ? Node.newBuilder().setId(id) : old.toBuilder();
            node.getSpecBuilder().setAvailability(availability);
            node.getStatusBuilder().setState(state);
            if (old == null) {
                tx.create(Table.NODES, node.build());
            } else {
                tx.update(Table.NODES, node.build());
            }
        });
    }

    void down(String id) {
        node(id, NodeStatus.State.DOWN, NodeSpec.Availability.ACTIVE);
    }

    void drain(String id) {
        node(id, NodeStatus.State.READY, NodeSpec.Availability.DRAIN);
    }

    void pause(String id) {
        node(id, NodeStatus.State.READY, NodeSpec.Availability.PAUSE);
    }

    void label(String id, String key, String value) {
        write(tx -> {
            Node.Builder node = tx.get(Table.NODES, id).toBuilder();
            node.getSpecBuilder().getAnnotationsBuilder().putLabels(key, value);
            tx.update(Table.NODES, node.build());
        });
    }

    void removeNode(String id) {
        write(tx -> tx.delete(Table.NODES, id));
    }

    // tasks

    /** Puts a task into the store as if it had been there for long. */
    String stored(String id, String serviceId, long slot, String node, TaskState desired, TaskState observed) {
        Task.Builder task = Task.newBuilder()
                .setId(id)
                .setServiceId(serviceId)
                .setSlot(slot)
                .setNodeId(node)
                .setDesiredState(desired)
                .setSpec(taskSpec("one"));
        task.getStatusBuilder().setState(observed).setTimestamp(Times.of(sim.now()));
        write(tx -> tx.create(Table.TASKS, task.build()));
        return id;
    }

    void assign(String taskId, String node) {
        change(taskId, task -> {
            task.setNodeId(node);
            task.getStatusBuilder().setState(TaskState.ASSIGNED);
        });
    }

    /** The agent reports a state. */
    void observe(String taskId, TaskState state) {
        change(taskId, task -> task.getStatusBuilder()
                .setState(state)
                .setTimestamp(Times.of(sim.now()))
                .setAppliedAt(Times.of(sim.now())));
    }

    void change(String taskId, Consumer<Task.Builder> change) {
        write(tx -> {
            Task.Builder task = tx.get(Table.TASKS, taskId).toBuilder();
            change.accept(task);
            tx.update(Table.TASKS, task.build());
        });
    }

    void removeTask(String id) {
        write(tx -> tx.delete(Table.TASKS, id));
    }

    /** One transaction, and what the loops make of it. */
    void write(Consumer<Tx> body) {
        sim.store().update(1, tx -> {
            body.accept(tx);
            return 0;
        });
        sim.settle();
    }

    // what came of it

    Service get(String serviceId) {
        return sim.store().view().get(Table.SERVICES, serviceId);
    }

    Task task(String id) {
        return sim.store().view().get(Table.TASKS, id);
    }

    boolean exists(String taskId) {
        return sim.store().view().get(Table.TASKS, taskId) != null;
    }

    List<Task> tasks(String serviceId) {
        return sim.store().view().find(Table.TASKS, By.service(serviceId));
    }

    /** Those meant to run. */
    List<Task> live(String serviceId) {
        return tasks(serviceId).stream().filter(Tasks::runnable).toList();
    }

    /** The only task of the slot that is meant to run. */
    Task live(String serviceId, long slot) {
        List<Task> tasks =
                live(serviceId).stream().filter(t -> t.getSlot() == slot).toList();
        if (tasks.size() != 1) {
            throw new AssertionError("live tasks in slot " + slot + ": " + tasks);
        }
        return tasks.getFirst();
    }

    static String image(Task task) {
        return task.getSpec().getContainer().getImage();
    }
}
