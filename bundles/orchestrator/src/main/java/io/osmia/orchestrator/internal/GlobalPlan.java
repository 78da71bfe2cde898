package io.osmia.orchestrator.internal;

import io.osmia.scheduler.PlacementRules.Match;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Brings a global service to one task on each node that is to have one (rule 3.2.2). */
final class GlobalPlan {

    private final View view;
    private final Service service;
    private final RestartRules rules;
    private final TaskFactory tasks;
    private final PlacementCheck placement;
    private final List<Edit> edits = new ArrayList<>();
    private final List<Slot> kept = new ArrayList<>();

    private GlobalPlan(View view, Service service, RestartRules rules, TaskFactory tasks, PlacementCheck placement) {
        this.view = view;
        this.service = service;
        this.rules = rules;
        this.tasks = tasks;
        this.placement = placement;
    }

    static Plan of(
            View view, Service service, RestartRules rules, TaskFactory tasks, PlacementCheck placement, Instant now) {
        return new GlobalPlan(view, service, rules, tasks, placement).plan(now);
    }

    private Plan plan(Instant now) {
        SortedMap<SlotKey, List<Task>> byNode = Slots.of(view, service.getId());
        for (Node node : view.find(Table.NODES, By.ALL)) {
            if (!Tasks.invalid(node)) {
                SlotKey key = SlotKey.on(service.getId(), node.getId());
                List<Task> there = byNode.getOrDefault(key, List.of());
                byNode.remove(key);
                candidate(node, Slots.updatable(key, there, service, rules), now);
            }
        }
        byNode.values().forEach(elsewhere -> elsewhere.stream()
                .filter(Tasks::runnable)
                .forEach(this::shutDown));
        return new Plan(edits, kept, false);
    }

    private void candidate(Node node, Optional<Slot> slot, Instant now) {
        Match match = placement.check(service.getSpec().getTask().getPlacement(), node);
        if (match == Match.NO) {
            slot.ifPresent(s -> s.tasks().forEach(this::shutDown));
        } else if (match == Match.YES && !Tasks.paused(node)) {
            slot.ifPresentOrElse(kept::add, () -> edits.add(create(node, now)));
        }
    }

    private Edit create(Node node, Instant now) {
        SlotKey key = SlotKey.on(service.getId(), node.getId());
        return new Edit.CreateTask(tasks.make(view, service, key, TaskState.RUNNING, now));
    }

    private void shutDown(Task task) {
        if (Tasks.runnable(task)) {
            edits.add(new Edit.Desire(task.getId(), TaskState.SHUTDOWN));
        }
    }
}
