package io.osmia.orchestrator.internal;

import io.osmia.store.View;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Brings a replicated service to its number of slots (rule 3.1.3). */
final class ReplicatedPlan {

    /** So many tasks are created before other services get their turn: one greedy service does not hold up the rest. */
    static final int AT_ONCE = 1000;

    private final View view;
    private final Service service;
    private final TaskFactory tasks;
    private final List<Slot> live = new ArrayList<>();
    private final SortedMap<SlotKey, List<Task>> dead = new TreeMap<>();
    private final List<Edit> edits = new ArrayList<>();

    private ReplicatedPlan(View view, Service service, RestartRules rules, TaskFactory tasks) {
        this.view = view;
        this.service = service;
        this.tasks = tasks;
        Slots.of(view, service.getId())
                .forEach((key, all) -> Slots.updatable(key, all, service, rules)
                        .ifPresentOrElse(live::add, () -> dead.put(key, all)));
    }

    static Plan of(View view, Service service, RestartRules rules, TaskFactory tasks, Instant now) {
        return new ReplicatedPlan(view, service, rules, tasks).plan(now);
    }

    private Plan plan(Instant now) {
        long wanted = service.getSpec().getReplicated().getReplicas();
        if (Long.compareUnsigned(wanted, live.size()) < 0) {
            return shrink((int) wanted);
        }
        long missing = wanted - live.size();
        grow(Math.min(missing, AT_ONCE), now);
        clearDead();
        return new Plan(edits, live, missing > AT_ONCE);
    }

    private Plan shrink(int wanted) {
        List<Slot> order = ScaleDown.order(live);
        clearDead();
        order.subList(wanted, order.size()).forEach(this::remove);
        return new Plan(edits, order.subList(0, wanted), false);
    }

    private void remove(Slot slot) {
        for (Task task : Slots.tasks(view, slot.key())) {
            if (!Tasks.desires(task, TaskState.REMOVE)) {
                edits.add(new Edit.Desire(task.getId(), TaskState.REMOVE));
            }
        }
    }

    /** New tasks go into the lowest numbers that no live slot has; the remains of a dead slot stay if it is used again. */
    private void grow(long missing, Instant now) {
        SortedSet<Long> used = new TreeSet<>();
        live.forEach(s -> used.add(s.key().slot()));
        long slot = 0;
        for (long i = 0; i < missing; i++) {
            do {
                slot++;
            } while (used.contains(slot));
            SlotKey key = SlotKey.replica(service.getId(), slot);
            edits.add(new Edit.CreateTask(tasks.make(view, service, key, TaskState.RUNNING, now)));
            dead.remove(key);
        }
    }

    /** What ended goes at once; what may still be running on a node is first brought to its end, then reaped (3.7.4). */
    private void clearDead() {
        for (List<Task> remains : dead.values()) {
            for (Task task : remains) {
                if (Tasks.reapable(task)) {
                    edits.add(new Edit.Reap(task.getId()));
                } else if (!Tasks.desires(task, TaskState.REMOVE)) {
                    edits.add(new Edit.Desire(task.getId(), TaskState.REMOVE));
                }
            }
        }
    }
}
