package io.osmia.dispatcher.internal;

import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import com.google.protobuf.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Status of nodes and tasks that has yet to be written: at most one entry for each, the newest (rules 6.4.2, 6.7). */
final class PendingWrites {

    private final Map<String, NodeWrite> nodes = new LinkedHashMap<>();
    private final Map<String, TaskStatus> tasks = new LinkedHashMap<>();
    private final Set<String> orphans = new LinkedHashSet<>();

    void node(NodeWrite write) {
        nodes.merge(write.nodeId(), write, (earlier, later) -> later.after(earlier));
    }

    void task(String taskId, TaskStatus status) {
        tasks.put(taskId, status);
    }

    /** The task's node was DOWN for too long. */
    void orphan(String taskId) {
        orphans.add(taskId);
    }

    int size() {
        return nodes.size() + tasks.size() + orphans.size();
    }

    /** Takes everything out. */
    PendingWrites take() {
        PendingWrites taken = new PendingWrites();
        taken.nodes.putAll(nodes);
        taken.tasks.putAll(tasks);
        taken.orphans.addAll(orphans);
        nodes.clear();
        tasks.clear();
        orphans.clear();
        return taken;
    }

    /** Puts back what could not be written, behind what has come meanwhile. */
    void putBack(PendingWrites earlier) {
        earlier.nodes.forEach((id, write) -> nodes.merge(id, write, (later, former) -> later.after(former)));
        earlier.tasks.forEach(tasks::putIfAbsent);
        orphans.addAll(earlier.orphans);
    }

    /** One step of a store batch per entry. */
    List<Consumer<Tx>> steps(String appliedBy, Timestamp appliedAt) {
        List<Consumer<Tx>> steps = new ArrayList<>(size());
        nodes.values().forEach(write -> steps.add(write::apply));
        tasks.forEach((id, status) -> steps.add(tx -> report(tx, id, status, appliedBy, appliedAt)));
        orphans.forEach(id -> steps.add(tx -> orphan(tx, id)));
        return steps;
    }

    /** What the steps are about, in their order, for the log. */
    List<String> subjects() {
        List<String> subjects = new ArrayList<>(size());
        nodes.keySet().forEach(id -> subjects.add("node " + id));
        tasks.keySet().forEach(id -> subjects.add("task " + id));
        orphans.forEach(id -> subjects.add("task " + id));
        return subjects;
    }

    /** Rule 6.7.2: a status never moves back, and an equal one is not written again. */
    private static void report(Tx tx, String taskId, TaskStatus status, String appliedBy, Timestamp appliedAt) {
        Task task = tx.get(Table.TASKS, taskId);
        if (task == null
                || task.getStatus().getStateValue() > status.getStateValue()
                || bare(task.getStatus()).equals(bare(status))) {
            return;
        }
        TaskStatus applied =
                status.toBuilder().setAppliedBy(appliedBy).setAppliedAt(appliedAt).build();
        tx.update(Table.TASKS, task.toBuilder().setStatus(applied).build());
    }

    private static TaskStatus bare(TaskStatus status) {
        return status.toBuilder().clearAppliedBy().clearAppliedAt().build();
    }

    /** Rule 6.5.3: only the state changes. */
    private static void orphan(Tx tx, String taskId) {
        Task task = tx.get(Table.TASKS, taskId);
        if (task == null || !mayOrphan(task)) {
            return;
        }
        Task.Builder orphaned = task.toBuilder();
        orphaned.getStatusBuilder().setState(TaskState.ORPHANED);
        tx.update(Table.TASKS, orphaned.build());
    }

    static boolean mayOrphan(Task task) {
        int state = task.getStatus().getStateValue();
        return state >= TaskState.ASSIGNED_VALUE && state <= TaskState.RUNNING_VALUE;
    }
}
