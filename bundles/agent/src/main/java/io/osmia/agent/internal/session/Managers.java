package io.osmia.agent.internal.session;

import io.osmia.roles.Remotes;
import io.osmia.roles.Remotes.Remote;
import io.osmia.wire.swarmkit.Peer;
import io.osmia.wire.swarmkit.SessionMessage;
import io.osmia.wire.swarmkit.WeightedPeer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which manager to have a session with: this node's own one while it has one, and any that is known otherwise or after a
 * session with its own one has failed (rules 6.11.1, 6.11.12). Used by the thread of the sessions, but for {@link #own}.
 */
final class Managers {

    private final String nodeId;
    private final Remotes remotes;
    private volatile @Nullable Remote own;
    private @Nullable Remote failed;

    Managers(String nodeId, Remotes remotes) {
        this.nodeId = nodeId;
        this.remotes = remotes;
    }

    /**
     * Any thread.
     *
     * @param selfAddress where this node reaches its own manager, whatever it advertises to others; null while it has none
     */
    void own(@Nullable String selfAddress) {
        own = selfAddress == null ? null : new Remote(nodeId, selfAddress);
    }

    /** Whether this is still a way to reach a manager: the node's own one may have gone. */
    boolean serves(Remote remote) {
        return !remote.nodeId().equals(nodeId) || remote.equals(own);
    }

    /** Whom to ask next; empty when nobody is known. */
    Optional<Remote> next() {
        Remote here = own;
        if (here != null && !here.equals(failed)) {
            return Optional.of(here);
        }
        return remotes.select(Set.of(nodeId)).or(() -> Optional.ofNullable(here));
    }

    /** A session has ended; whatever the reason, another manager may serve better. One that was forgotten stays so. */
    void ended(Remote remote) {
        failed = remote;
        if (remotes.all().contains(remote)) {
            remotes.observe(remote, -Remotes.SERVED);
        }
    }

    /** Takes over the list of managers (rule 6.11.8). */
    void heard(SessionMessage message) {
        Set<Remote> listed = new LinkedHashSet<>();
        for (WeightedPeer manager : message.getManagersList()) {
            Peer peer = manager.getPeer();
            if (!peer.getAddr().isEmpty()) {
                Remote remote = new Remote(peer.getNodeId(), peer.getAddr());
                listed.add(remote);
                remotes.observe(remote, manager.getWeight());
            }
        }
        if (!listed.isEmpty()) {
            remotes.retain(listed);
        }
    }
}
