package io.osmia.agent.internal.session;

import io.osmia.roles.Remotes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Managers of which the one of greatest weight is selected. */
final class FakeRemotes implements Remotes {

    // guarded by this
    private final Map<Remote, Long> weights = new TreeMap<>();

    @Override
    public synchronized void observe(Remote remote, long weight) {
        weights.merge(remote, weight, Long::sum);
    }

    @Override
    public synchronized void retain(Set<Remote> known) {
        weights.keySet().retainAll(known);
    }

    @Override
    public synchronized Optional<Remote> select(Set<String> excludedNodes) {
        return weights.entrySet().stream()
                .filter(entry -> !excludedNodes.contains(entry.getKey().nodeId()))
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey);
    }

    @Override
    public synchronized List<Remote> all() {
        return List.copyOf(weights.keySet());
    }

    synchronized Map<Remote, Long> weights() {
        return Map.copyOf(weights);
    }
}
