package io.osmia.orchestrator.internal;

import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.UpdateStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tasks of a service, by slot or node. */
final class Slots {

    private Slots() {}

    /** All of them, the dead ones too. */
    static SortedMap<SlotKey, List<Task>> of(View view, String serviceId) {
        SortedMap<SlotKey, List<Task>> slots = new TreeMap<>();
        for (Task task : view.find(Table.TASKS, By.service(serviceId))) {
            slots.computeIfAbsent(SlotKey.of(task), k -> new ArrayList<>()).add(task);
        }
        return slots;
    }

    /** The tasks of one of them, without a walk over the whole service. */
    static List<Task> tasks(View view, SlotKey key) {
        if (key.slot() != 0) {
            return view.find(Table.TASKS, By.slot(key.service(), key.slot()));
        }
        return view.find(Table.TASKS, By.node(key.node())).stream()
                .filter(t -> t.getServiceId().equals(key.service()))
                .toList();
    }

    /**
     * The tasks that stand for a slot: those meant to run, else the newest one if its restart policy wants it to rest, so
     * that it is replaced when the spec changes and not before (rule 3.1.1). Empty when the slot is dead. A slot that was
     * scaled away is dead whatever its policy says.
     */
    static Optional<Slot> updatable(SlotKey key, List<Task> tasks, Service service, RestartRules rules) {
        List<Task> runnable = tasks.stream().filter(Tasks::runnable).toList();
        if (!runnable.isEmpty()) {
            return Optional.of(new Slot(key, runnable));
        }
        if (service.getUpdateStatus().getState() == UpdateStatus.UpdateState.ROLLBACK_STARTED) {
            return Optional.empty();
        }
        return tasks.stream()
                .max(Tasks.BY_TIME)
                .filter(t -> !Tasks.desires(t, TaskState.REMOVE) && !rules.wants(service, t))
                .map(t -> new Slot(key, List.of(t)));
    }
}
