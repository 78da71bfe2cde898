package io.osmia.agent.internal.session;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** The managers that are known, each with a weight that follows how well it served (rule 6.11.12). */
final class Remotes {

    /** A manager's remote API. */
    record Remote(String nodeId, String address) implements Comparable<Remote> {
        @Override
        public int compareTo(Remote other) {
            int byNode = nodeId.compareTo(other.nodeId);
            return byNode != 0 ? byNode : address.compareTo(other.address);
        }
    }

    /** Weight of a connection that worked; one that failed has its negative. */
    static final int SERVED = 10;

    private static final int LIMIT = 256;
    private static final double FLOOR = 0.001;

    private final RandomGenerator random;
    private final Map<Remote, Integer> weights = new TreeMap<>();

    Remotes(RandomGenerator random) {
        this.random = random;
    }

    /** Takes in what was seen of a manager. One without an address cannot be reached and is passed over. */
    synchronized void observe(Remote remote, long weight) {
        if (remote.address().isEmpty()) {
            return;
        }
        int old = weights.getOrDefault(remote, 0);
        double mixed = Math.ceil(0.5 * clip(weight) + 0.5 * old);
        weights.put(remote, (int) clip((long) mixed));
    }

    private static long clip(long weight) {
        return Math.clamp(weight, -LIMIT, LIMIT);
    }

    /** Forgets all others. */
    synchronized void retain(Collection<Remote> known) {
        weights.keySet().retainAll(known);
    }

    synchronized Map<Remote, Integer> weights() {
        return Map.copyOf(weights);
    }

    /** A manager, the likelier the greater its weight; empty when none is known. */
    synchronized Optional<Remote> select() {
        double total = weights.values().stream().mapToDouble(Remotes::chance).sum();
        if (weights.isEmpty()) {
            return Optional.empty();
        }
        double at = random.nextDouble() * total;
        Remote last = null;
        for (Map.Entry<Remote, Integer> entry : weights.entrySet()) {
            last = entry.getKey();
            at -= chance(entry.getValue());
            if (at < 0) {
                break;
            }
        }
        return Optional.ofNullable(last);
    }

    private static double chance(int weight) {
        return Math.max(weight, 0) + FLOOR;
    }
}
