package io.osmia.scheduler.internal.cluster;

import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Task;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks take what of which nodes (rule 4.2): folded from single changes and always equal to what a count from the
 * beginning would give. Used by one thread.
 */
public final class Accounting {

    private final SortedMap<String, NodeState> nodes = new TreeMap<>();
    private final SortedMap<String, NodeState> known = new TreeMap<>();
    private final Map<String, Task> placed = new HashMap<>();

    public void put(Node node) {
        NodeState state = nodes.computeIfAbsent(node.getId(), id -> new NodeState());
        state.update(node);
        known.put(node.getId(), state);
    }

    public void removeNode(String nodeId) {
        known.remove(nodeId);
        @Nullable NodeState state = nodes.get(nodeId);
        if (state != null) {
            state.forget();
            drop(nodeId, state);
        }
    }

    /** Accounts for a task on the node that it names, and nowhere else. */
    public void place(Task task) {
        remove(task.getId());
        placed.put(task.getId(), task);
        nodes.computeIfAbsent(task.getNodeId(), id -> new NodeState()).add(task);
    }

    /** Takes a task out; the task as it was accounted for, or null. */
    public @Nullable Task remove(String taskId) {
        @Nullable Task task = placed.remove(taskId);
        if (task != null) {
            @Nullable NodeState state = nodes.get(task.getNodeId());
            if (state != null) {
                state.remove(taskId);
                drop(task.getNodeId(), state);
            }
        }
        return task;
    }

    /** The task as it is accounted for, or null. */
    public @Nullable Task get(String taskId) {
        return placed.get(taskId);
    }

    /** The node, or null when there is none. */
    public @Nullable NodeState node(String nodeId) {
        return known.get(nodeId);
    }

    /** All nodes, by id. */
    public Collection<NodeState> nodes() {
        return known.values();
    }

    private void drop(String nodeId, NodeState state) {
        if (!state.known() && state.empty()) {
            nodes.remove(nodeId);
        }
    }

    /** All that is derived, for comparison. */
    SortedMap<String, NodeState.Account> accounts() {
        SortedMap<String, NodeState.Account> accounts = new TreeMap<>();
        nodes.forEach((id, state) -> accounts.put(id, state.account()));
        return accounts;
    }
}
