package io.osmia.orchestrator.internal;

import io.osmia.scheduler.PlacementRules.Match;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one global service needs on one node that has changed and may run tasks: one clean task, at once and past any update
 * that is under way (rule 3.2.3).
 */
final class GlobalNodePlan {

    private final RestartRules rules;
    private final SlotCheck check;
    private final TaskFactory tasks;
    private final PlacementCheck placement;

    GlobalNodePlan(RestartRules rules, SlotCheck check, TaskFactory tasks, PlacementCheck placement) {
        this.rules = rules;
        this.check = check;
        this.tasks = tasks;
        this.placement = placement;
    }

    /** @param there the tasks of the service on the node, the dead ones too */
    List<Edit> of(View view, Service service, Node node, List<Task> there, Instant now) {
        Match match = placement.check(service.getSpec().getTask().getPlacement(), node);
        if (match == Match.UNKNOWN) {
            return List.of();
        }
        SlotKey key = SlotKey.on(service.getId(), node.getId());
        Slot slot = Slots.updatable(key, there, service, rules)
                .orElseGet(() -> new Slot(key, List.of()));
        Optional<Task> clean = match == Match.YES ? check.clean(view, service, slot) : Optional.empty();
        List<Edit> edits = new ArrayList<>();
        slot.tasks().stream()
                .filter(t -> Tasks.runnable(t) && !clean.equals(Optional.of(t)))
                .forEach(t -> edits.add(new Edit.Desire(t.getId(), TaskState.SHUTDOWN)));
        if (match == Match.YES && clean.isEmpty() && !resting(view, service, slot)) {
            edits.add(new Edit.CreateTask(tasks.make(view, service, key, TaskState.RUNNING, now)));
        }
        return edits;
    }

    /** The task ended, its policy lets it rest, and the service asks for nothing newer. */
    private boolean resting(View view, Service service, Slot slot) {
        return slot.tasks().stream().anyMatch(t -> !Tasks.runnable(t) && !check.dirty(view, service, t));
    }
}
