package io.osmia.node.internal;

import io.osmia.roles.Remotes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Managers by weight: a smoothed value of what was observed of each, which is the chance of being selected (rule 6.11.12).
 * One that failed keeps a small chance, so that it is found again when all others are gone.
 */
public final class WeightedRemotes implements Remotes {

    private static final int LIMIT = 256;
    private static final double FLOOR = 0.001;

    private final RandomGenerator random;
    private final Runnable changed;
    // guarded by this
    private final Map<Remote, Integer> weights = new TreeMap<>();

    /** @param changed called after a manager was added or forgotten, on the thread that did it; must not block for long */
    public WeightedRemotes(RandomGenerator random, Runnable changed) {
        this.random = random;
        this.changed = changed;
    }

    @Override
    public void observe(Remote remote, long weight) {
        if (remote.address().isEmpty()) {
            return;
        }
        boolean added;
        synchronized (this) {
            int old = weights.getOrDefault(remote, 0);
            added = weights.put(remote, smoothed(old, weight)) == null;
        }
        if (added) {
            changed.run();
        }
    }

    private static int smoothed(int old, long observed) {
        return (int) clip((long) Math.ceil(0.5 * clip(observed) + 0.5 * old));
    }

    private static long clip(long weight) {
        return Math.clamp(weight, -LIMIT, LIMIT);
    }

    @Override
    public void retain(Set<Remote> known) {
        boolean dropped;
        synchronized (this) {
            dropped = weights.keySet().retainAll(known);
        }
        if (dropped) {
            changed.run();
        }
    }

    @Override
    public synchronized Optional<Remote> select(Set<String> excludedNodes) {
        List<Map.Entry<Remote, Integer>> candidates = weights.entrySet().stream()
                .filter(entry -> !excludedNodes.contains(entry.getKey().nodeId()))
                .toList();
        double at = random.nextDouble()
                * candidates.stream().mapToDouble(entry -> chance(entry.getValue())).sum();
        for (Map.Entry<Remote, Integer> candidate : candidates) {
            at -= chance(candidate.getValue());
            if (at < 0) {
                return Optional.of(candidate.getKey());
            }
        }
        // Rounding may leave a remainder behind the last one.
        return candidates.isEmpty() ? Optional.empty() : Optional.of(candidates.getLast().getKey());
    }

    private static double chance(int weight) {
        return Math.max(weight, 0) + FLOOR;
    }

    @Override
    public synchronized List<Remote> all() {
        return List.copyOf(weights.keySet());
    }

    /** The weight of a manager; 0 for one that is not known. */
    synchronized int weight(Remote remote) {
        return weights.getOrDefault(remote, 0);
    }
}
