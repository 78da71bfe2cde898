package io.osmia.ca.internal.client;

import io.osmia.roles.Remotes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Selects the first one that is not excluded. */
public final class KnownRemotes implements Remotes {

    /** Guarded by this. */
    private final Set<Remote> remotes = new LinkedHashSet<>();
    /** Guarded by this. */
    private final List<String> seen = new ArrayList<>();

    public KnownRemotes(FakeCa... managers) {
        for (FakeCa manager : managers) {
            remotes.add(new Remote(manager.nodeId(), manager.address()));
        }
    }

    @Override
    public synchronized void observe(Remote remote, long weight) {
        remotes.add(remote);
        seen.add(remote.address() + " " + weight);
    }

    @Override
    public synchronized void retain(Set<Remote> known) {
        remotes.retainAll(known);
    }

    @Override
    public synchronized Optional<Remote> select(Set<String> excludedNodes) {
        return remotes.stream().filter(remote -> !excludedNodes.contains(remote.nodeId())).findFirst();
    }

    @Override
    public synchronized List<Remote> all() {
        return List.copyOf(remotes);
    }

    /** Address and weight of each observation. */
    public synchronized List<String> seen() {
        return List.copyOf(seen);
    }
}
