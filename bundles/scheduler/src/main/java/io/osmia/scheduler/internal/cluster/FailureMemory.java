package io.osmia.scheduler.internal.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/** Remembers for a while which services failed on which nodes (rule 4.2.3). Known from events alone. */
public final class FailureMemory {

    static final Duration WINDOW = Duration.ofMinutes(5);

    private final Map<String, Map<FailureKey, ArrayDeque<Instant>>> nodes = new TreeMap<>();
    private @Nullable Instant purged;

    public void failed(String nodeId, FailureKey key, Instant now) {
        purge(now);
        nodes.computeIfAbsent(nodeId, id -> new HashMap<>())
                .computeIfAbsent(key, any -> new ArrayDeque<>())
                .add(now);
    }

    /** How often in the last five minutes. */
    public int recent(String nodeId, FailureKey key, Instant now) {
        @Nullable Map<FailureKey, ArrayDeque<Instant>> failures = nodes.get(nodeId);
        @Nullable ArrayDeque<Instant> times = failures == null ? null : failures.get(key);
        if (times == null) {
            return 0;
        }
        forget(times, now);
        return times.size();
    }

    /** The node is gone for good. */
    public void forget(String nodeId) {
        nodes.remove(nodeId);
    }

    private void purge(Instant now) {
        if (purged != null && now.isBefore(purged.plus(WINDOW))) {
            return;
        }
        purged = now;
        nodes.values().forEach(failures -> {
            failures.values().forEach(times -> forget(times, now));
            failures.values().removeIf(ArrayDeque::isEmpty);
        });
        nodes.values().removeIf(Map::isEmpty);
    }

    private static void forget(ArrayDeque<Instant> times, Instant now) {
        Instant since = now.minus(WINDOW);
        while (!times.isEmpty() && !times.getFirst().isAfter(since)) {
            times.removeFirst();
        }
    }
}
