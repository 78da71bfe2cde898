package io.osmia.raft.internal;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Asks all members for the newest term they know, until a majority has answered; of the former configuration too, while a
 * change of members is under way. Nobody can have been elected in a newer term than the highest of these, before the question.
 */
final class TermPoll {

    private final Set<RaftPeerId> current;
    private final Set<RaftPeerId> previous;
    private final CompletableFuture<Long> highest = new CompletableFuture<>();

    /* Guarded by this. */
    private final Map<RaftPeerId, Long> terms = new HashMap<>();
    private int out;

    private TermPoll(RaftConfiguration configuration) {
        this.current = ids(configuration.getCurrentPeers());
        this.previous = ids(configuration.getPreviousPeers());
    }

    private static Set<RaftPeerId> ids(Collection<RaftPeer> peers) {
        return peers.stream().map(RaftPeer::getId).collect(Collectors.toSet());
    }

    /**
     * @param own the term that this member knows
     * @param term asks another one
     * @return the highest; fails when too few answer
     */
    static CompletableFuture<Long> of(
            RaftConfiguration configuration,
            RaftPeerId self,
            long own,
            Function<RaftPeer, CompletableFuture<Long>> term) {
        TermPoll poll = new TermPoll(configuration);
        Set<RaftPeer> others = new LinkedHashSet<>(configuration.getCurrentPeers());
        others.addAll(configuration.getPreviousPeers());
        others.removeIf(peer -> peer.getId().equals(self));
        poll.out = others.size() + 1;
        poll.answered(self, own, null);
        others.forEach(peer -> term.apply(peer)
                .whenComplete((value, failure) -> poll.answered(peer.getId(), value, failure)));
        return poll.highest;
    }

    private void answered(RaftPeerId peer, @Nullable Long term, @Nullable Throwable failure) {
        boolean enough;
        boolean over;
        long newest;
        synchronized (this) {
            out--;
            if (term != null) {
                terms.put(peer, term);
            }
            enough = isMajority(current) && (previous.isEmpty() || isMajority(previous));
            over = out == 0;
            newest = terms.values().stream().mapToLong(Long::longValue).max().orElse(0);
        }
        if (enough) {
            highest.complete(newest);
        } else if (over) {
            highest.completeExceptionally(new IOException("too few members answer", failure));
        }
    }

    private boolean isMajority(Set<RaftPeerId> members) {
        return members.stream().filter(terms::containsKey).count() > members.size() / 2;
    }
}
