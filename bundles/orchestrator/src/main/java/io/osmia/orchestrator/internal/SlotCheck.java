package io.osmia.orchestrator.internal;

import io.osmia.orchestrator.DirtyCheck;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;
import java.util.Optional;

/** The dirty check for a whole slot (rule 3.5). */
final class SlotCheck {

    private final DirtyCheck check;

    SlotCheck(DirtyCheck check) {
        this.check = check;
    }

    boolean dirty(View view, Service service, Slot slot) {
        return slot.tasks().size() > 1
                || slot.tasks().stream().anyMatch(t -> dirty(view, service, t));
    }

    boolean dirty(View view, Service service, Task task) {
        return check.dirty(service, task, view.get(Table.NODES, task.getNodeId()));
    }

    /** A task of the slot that is as the service asks for, rather one that is meant to run than one that waits. */
    Optional<Task> clean(View view, Service service, Slot slot) {
        List<Task> clean = slot.tasks().stream()
                .filter(t -> Tasks.runnable(t) && !dirty(view, service, t))
                .toList();
        return clean.stream()
                .filter(t -> Tasks.desires(t, TaskState.RUNNING))
                .findFirst()
                .or(() -> clean.stream().findFirst());
    }
}
