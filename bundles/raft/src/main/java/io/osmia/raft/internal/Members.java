package io.osmia.raft.internal;

import io.osmia.roles.Membership.Member;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;

/** The members as this one sees them. */
final class Members {

    /** A member that was not heard of for longer counts as unreachable (rule 8.5.4); heartbeats come every 150 ms. */
    static final long SILENCE_MILLIS = 2_000;

    private final Keeper keeper;
    private final Supplier<Member> self;

    Members(Keeper keeper, Supplier<Member> self) {
        this.keeper = keeper;
        this.self = self;
    }

    /** In the order of raft ids. Without this one, while it is not a member yet. */
    List<Member> list() {
        RatisServer server = keeper.server();
        if (server == null || server.alone()) {
            return List.of(self.get());
        }
        try {
            return of(server.members());
        } catch (IOException e) {
            return List.of(self.get());
        }
    }

    private List<Member> of(RatisGroup group) throws IOException {
        @Nullable RaftPeerId leader = group.leader();
        Map<RaftPeerId, Long> silence = group.silence();
        return group.peers().stream()
                .map(peer -> member(peer, peer.getId().equals(leader), reachable(peer.getId(), leader, silence)))
                .sorted(Comparator.comparingLong(Member::raftId))
                .toList();
    }

    /**
     * Only the leader hears of all. To a follower the others are what the leader is: it knows no better, and cannot do anything
     * without the leader anyway.
     */
    private static boolean reachable(RaftPeerId peer, @Nullable RaftPeerId leader, Map<RaftPeerId, Long> silence) {
        RaftPeerId heard = silence.containsKey(peer) || leader == null ? peer : leader;
        return silence.getOrDefault(heard, Long.MAX_VALUE) <= SILENCE_MILLIS;
    }

    private Member member(RaftPeer peer, boolean leads, boolean reachable) {
        PeerName name = PeerName.parse(peer.getId());
        Member own = self.get();
        if (name.raftId() == own.raftId()) {
            return new Member(own.raftId(), own.nodeId(), own.address(), own.raftAddress(), leads, true);
        }
        return new Member(
                name.raftId(),
                name.nodeId(),
                text(peer.getClientAddress()),
                text(peer.getAddress()),
                leads,
                reachable);
    }

    private static String text(@Nullable String address) {
        return address == null ? "" : address;
    }

    /** Whether this one is in the configuration with the addresses that it has. */
    boolean announced() {
        Member own = self.get();
        Optional<RaftPeer> peer = keeper.members().stream()
                .filter(p -> PeerName.parse(p.getId()).raftId() == own.raftId())
                .findFirst();
        return peer.isPresent()
                && own.address().equals(text(peer.get().getClientAddress()))
                && own.raftAddress().equals(text(peer.get().getAddress()));
    }
}
