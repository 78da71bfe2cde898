package io.osmia.orchestrator.internal;

import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One update of one service under way (rules 3.6.5 to 3.6.7). Takes its dirty slots in order, as many at a time as the
 * config allows; looks at each slot again when its turn comes.
 */
final class RollingUpdate {

    /** A slot in work: the task it waits for; once that runs, the time to go on. */
    private record Work(String task, List<String> stopAfterwards, @Nullable Instant goOn) {}

    private final Service service;
    private final UpdateRules rules;
    private final SlotCheck check;
    private final TaskFactory tasks;
    private final RestartSupervisor restarts;
    private final UpdateFailures failures;
    private final Deque<SlotKey> waiting;
    private final int limit;
    private final SortedMap<SlotKey, Work> busy = new TreeMap<>();

    private @Nullable Instant watchUntil;
    private boolean over;

    RollingUpdate(
            Service service,
            Collection<SlotKey> dirty,
            SlotCheck check,
            TaskFactory tasks,
            RestartSupervisor restarts) {
        this.service = service;
        this.rules = UpdateRules.of(service);
        this.check = check;
        this.tasks = tasks;
        this.restarts = restarts;
        this.failures = new UpdateFailures(rules, dirty.size());
        this.waiting = new ArrayDeque<>(dirty);
        // unsigned on the wire: what looks negative here is a great many
        boolean all = rules.parallelism() == 0 || Long.compareUnsigned(rules.parallelism(), dirty.size()) > 0;
        this.limit = all ? dirty.size() : (int) rules.parallelism();
    }

    /**
     * Waits also for the slots that an update in whose place this one comes was working on, unless they are to be replaced
     * again: a change of mind must not make more slots stand still at a time than the config allows.
     */
    void inherit(RollingUpdate former) {
        former.busy.forEach((key, work) -> {
            if (work.goOn() == null && !waiting.contains(key)) {
                busy.put(key, new Work(work.task(), work.stopAfterwards(), null));
                failures.watch(work.task());
            }
        });
    }

    /** Whether this is the update that the service asks for now. */
    boolean isFor(Service current) {
        return service.getSpec().equals(current.getSpec())
                && service.getSpecVersion().equals(current.getSpecVersion());
    }

    /** A task of the service was changed. */
    void observe(Task task, Instant now) {
        failures.observe(task, now);
    }

    boolean over() {
        return over;
    }

    /** Goes as far as it can. */
    List<Edit> advance(View view, Instant now) {
        List<Edit> edits = new ArrayList<>();
        lookAtBusy(view, now, edits);
        if (failures.tooMany()) {
            over = true;
            edits.add(UpdateReport.failed(service, rules, failures.last(), now));
            return edits;
        }
        while (busy.size() < limit && !waiting.isEmpty()) {
            take(view, waiting.removeFirst(), now, edits);
        }
        if (busy.isEmpty()) {
            watch(now, edits);
        }
        return edits;
    }

    /** When {@link #advance} must be called without any change; null when only a change can help. */
    @Nullable
    Instant deadline() {
        if (watchUntil != null) {
            return watchUntil;
        }
        return busy.values().stream()
                .map(Work::goOn)
                .flatMap(Stream::ofNullable)
                .min(Instant::compareTo)
                .orElse(null);
    }

    private void lookAtBusy(View view, Instant now, List<Edit> edits) {
        for (SlotKey key : List.copyOf(busy.keySet())) {
            busy.computeIfPresent(key, (k, work) -> goOn(view, k, work, now, edits));
        }
    }

    /** What is left to do in the slot; null when it is done. */
    private @Nullable Work goOn(View view, SlotKey key, Work work, Instant now, List<Edit> edits) {
        Work left = work.goOn() == null ? await(view, key, work, now, edits) : work;
        return left.goOn() != null && !now.isBefore(left.goOn()) ? null : left;
    }

    private Work await(View view, SlotKey key, Work work, Instant now, List<Edit> edits) {
        Task task = view.get(Table.TASKS, work.task());
        if (task != null) {
            failures.observe(task, now);
        }
        if (task != null && Tasks.observed(task) < TaskState.RUNNING_VALUE) {
            return Tasks.runnable(task) ? work : awaitSuccessor(view, key, work, now);
        }
        if (task != null && task.getStatus().getState() == TaskState.RUNNING) {
            work.stopAfterwards().forEach(old -> edits.add(new Edit.Desire(old, TaskState.SHUTDOWN)));
        }
        return new Work(work.task(), List.of(), now.plus(rules.delay()));
    }

    /** The new task lost its node before it ran: the slot is done when what stands in for it runs. */
    private Work awaitSuccessor(View view, SlotKey key, Work work, Instant now) {
        return Slots.tasks(view, key).stream()
                .filter(t -> Tasks.runnable(t) && !work.stopAfterwards().contains(t.getId()))
                .max(Tasks.BY_TIME)
                .map(t -> new Work(t.getId(), work.stopAfterwards(), null))
                .orElseGet(() -> new Work(work.task(), List.of(), now.plus(rules.delay())));
    }

    private void take(View view, SlotKey key, Instant now, List<Edit> edits) {
        Slot slot = Slots.updatable(key, Slots.tasks(view, key), service, restarts.rules())
                .orElse(null);
        if (slot == null || !check.dirty(view, service, slot)) {
            return;
        }
        Task clean = check.clean(view, service, slot).orElse(null);
        if (clean != null) {
            keep(clean, others(slot, clean), now, edits);
            busy.put(key, new Work(clean.getId(), List.of(), null));
        } else {
            busy.put(key, replace(view, slot, now, edits));
        }
    }

    private static List<String> others(Slot slot, Task clean) {
        return slot.tasks().stream()
                .map(Task::getId)
                .filter(id -> !id.equals(clean.getId()))
                .toList();
    }

    private void keep(Task clean, List<String> others, Instant now, List<Edit> edits) {
        others.forEach(id -> edits.add(new Edit.Desire(id, TaskState.SHUTDOWN)));
        if (!Tasks.desires(clean, TaskState.RUNNING)) {
            restarts.starts().add(clean.getId(), others, Duration.ZERO, now);
        }
    }

    private Work replace(View view, Slot slot, Instant now, List<Edit> edits) {
        List<String> olds = slot.tasks().stream().map(Task::getId).toList();
        Task task = tasks.make(view, service, slot.key(), TaskState.READY, now);
        failures.watch(task.getId());
        if (rules.startFirst()) {
            edits.add(new Edit.CreateTask(task));
            restarts.starts().add(task.getId(), List.of(), Duration.ZERO, now);
            return new Work(task.getId(), olds, null);
        }
        edits.add(new Edit.Replace(olds, task));
        restarts.starts().add(task.getId(), olds, Duration.ZERO, now);
        return new Work(task.getId(), List.of(), null);
    }

    /** After the last slot: keeps an eye on the new tasks for a while, then is done. */
    private void watch(Instant now, List<Edit> edits) {
        if (watchUntil == null) {
            watchUntil = now.plus(rules.afterwards());
        }
        if (!now.isBefore(watchUntil)) {
            over = true;
            edits.add(UpdateReport.completed(service, rules.rollback(), now));
        }
    }
}
