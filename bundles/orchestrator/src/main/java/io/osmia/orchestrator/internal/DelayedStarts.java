package io.osmia.orchestrator.internal;

import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Replacements that are prepared (desired READY) and wait for their turn: for a delay, and for the tasks before them to
 * stop, but not longer than the old-task timeout, which runs beside the delay (rule 3.4.4). Only those that a commit or the
 * time has touched are looked at.
 */
final class DelayedStarts {

    private record Start(List<String> olds, Instant notBefore, Instant timeout) {}

    private final Duration oldTaskTimeout;
    private final SortedMap<String, Start> waiting = new TreeMap<>();
    private final SortedMap<String, SortedSet<String>> byOld = new TreeMap<>();
    private final Timetable timetable = new Timetable();

    DelayedStarts(Duration oldTaskTimeout) {
        this.oldTaskTimeout = oldTaskTimeout;
    }

    /** Adds one in place of an earlier one for the same task. */
    void add(String task, List<String> olds, Duration delay, Instant now) {
        cancel(task);
        waiting.put(task, new Start(List.copyOf(olds), now.plus(delay), now.plus(oldTaskTimeout)));
        olds.forEach(old -> byOld.computeIfAbsent(old, k -> new TreeSet<>()).add(task));
        timetable.set(task, now);
    }

    boolean contains(String task) {
        return waiting.containsKey(task);
    }

    /** A task was changed or removed. */
    void taskTouched(String task, Instant now) {
        if (waiting.containsKey(task)) {
            timetable.set(task, now);
        }
        byOld.getOrDefault(task, new TreeSet<>()).forEach(t -> timetable.set(t, now));
    }

    /** A node went down or was removed. */
    void nodeLost(View view, String node, Instant now) {
        if (!byOld.isEmpty()) {
            view.find(Table.TASKS, By.node(node)).forEach(t -> taskTouched(t.getId(), now));
        }
    }

    /** What is to be started now. */
    List<Edit> due(View view, Instant now) {
        List<Edit> edits = new ArrayList<>();
        for (String id = timetable.takeDue(now); id != null; id = timetable.takeDue(now)) {
            Start start = waiting.get(id);
            Task task = view.get(Table.TASKS, id);
            if (start == null || task == null || !Tasks.desires(task, TaskState.READY)) {
                cancel(id);
            } else if (now.isBefore(start.notBefore())) {
                timetable.set(id, start.notBefore());
            } else if (now.isBefore(start.timeout()) && !allStopped(view, start.olds())) {
                timetable.set(id, start.timeout());
            } else {
                cancel(id);
                edits.add(new Edit.Desire(id, TaskState.RUNNING));
            }
        }
        return edits;
    }

    private static boolean allStopped(View view, List<String> olds) {
        return olds.stream().allMatch(old -> Tasks.stopped(view, view.get(Table.TASKS, old)));
    }

    private void cancel(String task) {
        timetable.remove(task);
        Start start = waiting.remove(task);
        if (start == null) {
            return;
        }
        for (String old : start.olds()) {
            byOld.computeIfPresent(old, (k, tasks) -> {
                tasks.remove(task);
                return tasks.isEmpty() ? null : tasks;
            });
        }
    }

    /** When the next one must be looked at; null for never. */
    @Nullable
    Instant deadline() {
        return timetable.first();
    }

    void clear() {
        waiting.clear();
        byOld.clear();
        timetable.clear();
    }
}
