package io.osmia.orchestrator.internal;

import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;

/** Which tasks are history, and how much history a slot may have (rules 3.7.1, 3.7.3, 3.7.4). */
final class ReaperRules {

    private static final long DEFAULT_LIMIT = 5;

    private ReaperRules() {}

    /** Whether the task goes without regard to history: told to go and gone, or lost and of no service. */
    static boolean useless(Task task) {
        if (Tasks.desires(task, TaskState.REMOVE)) {
            return Tasks.observed(task) < TaskState.ASSIGNED_VALUE || Tasks.observed(task) >= TaskState.COMPLETE_VALUE;
        }
        return task.getServiceId().isEmpty() && task.getStatus().getState() == TaskState.ORPHANED;
    }

    /**
     * Adds what must go from a slot, oldest first.
     *
     * @return whether the slot need not be looked at again before it gets another task
     */
    static boolean prune(View view, SlotKey slot, List<Edit> edits) {
        Service service = view.get(Table.SERVICES, slot.service());
        // jobs keep all of their tasks (rule 3.7.3), and what has no service is no history (rule 3.7.5)
        if (service == null || !(service.getSpec().hasReplicated() || service.getSpec().hasGlobal())) {
            return true;
        }
        long limit = limit(view, service);
        List<Task> tasks = Slots.tasks(view, slot);
        long surplus = tasks.size() - limit;
        if (limit < 0 || surplus <= 0) {
            return true;
        }
        List<Task> old = tasks.stream().filter(Tasks::reapable).sorted(Tasks.BY_TIME).toList();
        old.stream().limit(surplus).forEach(t -> edits.add(new Edit.Reap(t.getId())));
        return tasks.size() - old.size() <= 1;
    }

    private static long limit(View view, Service service) {
        long attempts = service.getSpec().getTask().getRestart().getMaxAttempts();
        if (attempts > 0) {
            return attempts + 1;
        }
        return view.find(Table.CLUSTERS, By.ALL).stream()
                .findFirst()
                .map(Cluster::getSpec)
                .filter(spec -> spec.hasOrchestration())
                .map(spec -> spec.getOrchestration().getTaskHistoryRetentionLimit())
                .orElse(DEFAULT_LIMIT);
    }
}
