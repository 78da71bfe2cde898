package io.osmia.scheduler.internal;

import io.osmia.wire.swarmkit.Task;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that wait for a node, by group, in the order in which they came; and the groups that are worth another look, because
 * a task joined them or because something changed for everybody.
 */
final class TaskQueue {

    private final Map<String, Task> tasks = new LinkedHashMap<>();
    private final Map<GroupKey, Map<String, Task>> groups = new LinkedHashMap<>();
    private final Set<GroupKey> due = new LinkedHashSet<>();

    @Nullable
    Task get(String taskId) {
        return tasks.get(taskId);
    }

    /** Adds the task or takes its newer form; its group is due. */
    void put(Task task) {
        due.add(keep(task));
    }

    /** Adds the task or takes its newer form; its group is not due because of that. */
    GroupKey keep(Task task) {
        GroupKey key = GroupKey.of(task);
        @Nullable Task former = tasks.put(task.getId(), task);
        if (former != null && !GroupKey.of(former).equals(key)) {
            leave(former);
        }
        groups.computeIfAbsent(key, any -> new LinkedHashMap<>()).put(task.getId(), task);
        return key;
    }

    void remove(String taskId) {
        @Nullable Task task = tasks.remove(taskId);
        if (task != null) {
            leave(task);
        }
    }

    private void leave(Task task) {
        GroupKey key = GroupKey.of(task);
        @Nullable Map<String, Task> group = groups.get(key);
        if (group != null) {
            group.remove(task.getId());
            if (group.isEmpty()) {
                groups.remove(key);
                due.remove(key);
            }
        }
    }

    /** Every group is due. */
    void allDue() {
        due.addAll(groups.keySet());
    }

    /** The groups of a service are due. */
    void due(String serviceId) {
        groups.keySet().stream().filter(key -> key.serviceId().equals(serviceId)).forEach(due::add);
    }

    boolean anyDue() {
        return !due.isEmpty();
    }

    /** The groups that are due, each with all its tasks; they are not due any more. */
    List<List<Task>> takeDue() {
        List<List<Task>> taken = new ArrayList<>();
        for (GroupKey key : due) {
            Collection<Task> group = groups.getOrDefault(key, Map.of()).values();
            if (!group.isEmpty()) {
                taken.add(List.copyOf(group));
            }
        }
        due.clear();
        return taken;
    }

    void clear() {
        tasks.clear();
        groups.clear();
        due.clear();
    }
}
