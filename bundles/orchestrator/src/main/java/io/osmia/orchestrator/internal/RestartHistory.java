package io.osmia.orchestrator.internal;

import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** When the copies of services with a limited number of attempts were restarted (rule 3.4.3). */
final class RestartHistory {

    private record Entries(Version specVersion, List<Instant> times) {}

    private final SortedMap<SlotKey, Entries> history = new TreeMap<>();

    /** Notes a replacement; a new spec version begins a new count. */
    void add(Task replacement, Instant time) {
        if (limited(replacement)) {
            entries(SlotKey.of(replacement), replacement.getSpecVersion()).times().add(time);
        }
    }

    private Entries entries(SlotKey key, Version version) {
        Entries known = history.get(key);
        if (known == null || !known.specVersion().equals(version)) {
            known = new Entries(version, new ArrayList<>());
            history.put(key, known);
        }
        return known;
    }

    /** How often the copy was restarted with the task's spec version. */
    int count(Task task) {
        return times(task).size();
    }

    /** How often it was restarted with the task's spec version strictly between the times; forgets what was before. */
    int count(Task task, Instant from, Instant to) {
        List<Instant> times = times(task);
        times.removeIf(t -> t.isBefore(from));
        return (int) times.stream().filter(t -> t.isAfter(from) && t.isBefore(to)).count();
    }

    private List<Instant> times(Task task) {
        Entries known = history.get(SlotKey.of(task));
        return known != null && known.specVersion().equals(task.getSpecVersion()) ? known.times() : new ArrayList<>();
    }

    /** Rebuilds the count of one copy from what the store still has: all but the first task of the newest spec. */
    void rebuild(List<Task> tasks) {
        long newest = tasks.stream()
                .mapToLong(t -> t.getSpecVersion().getIndex())
                .max()
                .orElse(0);
        tasks.stream()
                .filter(t -> t.getSpecVersion().getIndex() == newest)
                .sorted(Comparator.comparing(RestartHistory::created).thenComparing(Task::getId))
                .skip(1)
                .forEach(t -> add(t, created(t)));
    }

    private static Instant created(Task task) {
        return Times.of(task.getMeta().getCreatedAt());
    }

    void forgetService(String serviceId) {
        history.subMap(SlotKey.on(serviceId, ""), SlotKey.on(serviceId + '\0', "")).clear();
    }

    void clear() {
        history.clear();
    }

    private static boolean limited(Task task) {
        return task.getSpec().getRestart().getMaxAttempts() != 0;
    }
}
