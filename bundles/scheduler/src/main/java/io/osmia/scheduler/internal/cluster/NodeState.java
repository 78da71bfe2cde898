package io.osmia.scheduler.internal.cluster;

import io.osmia.api.NodeFacts;
import io.osmia.api.ResourceAmounts;
import io.osmia.wire.swarmkit.GenericResource;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Resources;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One node and what is accounted to it (rule 4.2.1). Used by one thread. */
public final class NodeState {

    private Node node = Node.getDefaultInstance();
    private NodeFacts facts = Facts.of(node);
    private Executors executors = Executors.of(node);
    private boolean known;

    private final Map<String, Task> tasks = new TreeMap<>();
    private final Tally<String> activeByService = new Tally<>();
    private final Tally<HostPort> ports = new Tally<>();
    private final GenericLedger generics = new GenericLedger();
    private int activeTasks;
    private long reservedCpus;
    private long reservedMemory;
    private @Nullable ResourceAmounts available;

    /** Takes over a new description; what is reserved stays (rule 4.2.2). */
    void update(Node newest) {
        node = newest;
        facts = Facts.of(newest);
        executors = Executors.of(newest);
        generics.describe(newest.getDescription().getResources().getGenericList());
        known = true;
        available = null;
    }

    /** The node is gone; its tasks may outlive it for a moment. */
    void forget() {
        known = false;
    }

    /** Accounts for a task; the same task again takes the place of the former. */
    void add(Task task) {
        remove(task.getId());
        tasks.put(task.getId(), task);
        account(task, 1);
    }

    /** Gives back what the task had; does nothing when it is not here. */
    void remove(String taskId) {
        @Nullable Task former = tasks.remove(taskId);
        if (former != null) {
            account(former, -1);
        }
    }

    private void account(Task task, int sign) {
        Resources reserved = reservation(task);
        reservedCpus += sign * reserved.getNanoCpus();
        reservedMemory += sign * reserved.getMemoryBytes();
        if (sign > 0) {
            generics.take(task.getAssignedGenericResourcesList());
        } else {
            generics.giveBack(task.getAssignedGenericResourcesList());
        }
        HostPort.of(task).forEach(port -> ports.add(port, sign));
        if (active(task)) {
            activeTasks += sign;
            activeByService.add(task.getServiceId(), sign);
        }
        available = null;
    }

    /** Whether the task is meant to be there (rule 4.2.1). */
    private static boolean active(Task task) {
        return task.getDesiredState().getNumber() <= TaskState.COMPLETE.getNumber();
    }

    /** What a task reserves. */
    public static Resources reservation(Task task) {
        return task.getSpec().getResources().getReservations();
    }

    public String id() {
        return node.getId();
    }

    public Node node() {
        return node;
    }

    public NodeFacts facts() {
        return facts;
    }

    public Executors executors() {
        return executors;
    }

    /** Whether the node exists. */
    boolean known() {
        return known;
    }

    boolean empty() {
        return tasks.isEmpty();
    }

    public int activeTasks() {
        return activeTasks;
    }

    public int activeTasks(String serviceId) {
        return (int) activeByService.of(serviceId);
    }

    public boolean uses(HostPort port) {
        return ports.has(port);
    }

    /** Whether the reservation fits into what is free. */
    public boolean fits(Resources reserved) {
        Resources described = node.getDescription().getResources();
        return reserved.getNanoCpus() <= described.getNanoCpus() - reservedCpus
                && reserved.getMemoryBytes() <= described.getMemoryBytes() - reservedMemory
                && generics.fits(reserved.getGenericList());
    }

    /** The generic resources that a task with this reservation gets. */
    public List<GenericResource> choose(Resources reserved) {
        return generics.choose(reserved.getGenericList());
    }

    /** What is free. */
    public ResourceAmounts available() {
        if (available == null) {
            Resources described = node.getDescription().getResources();
            available = Facts.amounts(
                    described.getNanoCpus() - reservedCpus,
                    described.getMemoryBytes() - reservedMemory,
                    generics.free());
        }
        return available;
    }

    /** All that is derived, for comparison. */
    Account account() {
        return new Account(
                Set.copyOf(tasks.keySet()), activeTasks, activeByService.counts(), ports.counts(), available(), known);
    }

    record Account(
            Set<String> tasks,
            int activeTasks,
            Map<String, Long> activeByService,
            Map<HostPort, Long> ports,
            ResourceAmounts available,
            boolean known) {}
}
