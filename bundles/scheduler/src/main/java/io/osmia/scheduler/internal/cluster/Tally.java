package io.osmia.scheduler.internal.cluster;

import java.util.HashMap;
import java.util.Map;

/** Counts things; what is counted zero is forgotten, so equal counts are equal objects. Never iterated in hash order. */
final class Tally<K> {

    private final Map<K, Long> counts = new HashMap<>();

    void add(K key, long amount) {
        long count = of(key) + amount;
        if (count == 0) {
            counts.remove(key);
        } else {
            counts.put(key, count);
        }
    }

    long of(K key) {
        return counts.getOrDefault(key, 0L);
    }

    boolean has(K key) {
        return counts.containsKey(key);
    }

    /** A copy, for comparison. */
    Map<K, Long> counts() {
        return Map.copyOf(counts);
    }
}
