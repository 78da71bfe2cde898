package io.osmia.raft.internal;

import io.osmia.roles.Membership.Member;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * The members as Ratis is to know them. Ratis does not see a change of addresses alone, since it compares ids and priorities;
 * so then all get another priority, the same for all.
 */
final class Roster {

    private final List<RaftPeer> before;
    private final Member self;

    /** @param self has the addresses that are in force, whatever the list says */
    Roster(List<RaftPeer> before, Member self) {
        this.before = before;
        this.self = self;
    }

    /** Takes a newcomer in; one that is there gets these addresses; another member of the same node goes. */
    List<RaftPeer> with(Member newcomer) {
        List<RaftPeer> after = new ArrayList<>();
        RaftPeerId id = PeerName.of(newcomer).peerId();
        for (RaftPeer peer : before) {
            PeerName name = PeerName.parse(peer.getId());
            if (!peer.getId().equals(id) && !name.nodeId().equals(newcomer.nodeId())) {
                after.add(peer);
            }
        }
        after.add(peer(newcomer));
        return settled(after);
    }

    List<RaftPeer> without(long raftId) {
        return settled(before.stream()
                .filter(peer -> PeerName.parse(peer.getId()).raftId() != raftId)
                .toList());
    }

    private List<RaftPeer> settled(List<RaftPeer> after) {
        RaftPeerId own = PeerName.of(self).peerId();
        List<RaftPeer> updated =
                after.stream().map(peer -> peer.getId().equals(own) ? peer(self) : peer).toList();
        int priority = before.isEmpty() ? 0 : before.getFirst().getPriority();
        boolean onlyAddresses = sameIds(before, updated) && differs(before, updated);
        return prioritized(updated, onlyAddresses ? 1 - priority : priority);
    }

    private static boolean sameIds(List<RaftPeer> one, List<RaftPeer> other) {
        return one.size() == other.size() && other.containsAll(one);
    }

    private static List<RaftPeer> prioritized(List<RaftPeer> peers, int priority) {
        return peers.stream()
                .map(peer -> RaftPeer.newBuilder(peer).setPriority(priority).build())
                .toList();
    }

    private static RaftPeer peer(Member member) {
        return RaftPeer.newBuilder()
                .setId(PeerName.of(member).peerId())
                .setAddress(member.raftAddress())
                .setClientAddress(member.address())
                .build();
    }

    /** Whether there is another member, or one has another address. */
    static boolean differs(List<RaftPeer> one, List<RaftPeer> other) {
        return one.size() != other.size()
                || !other.stream().allMatch(peer -> one.stream().anyMatch(p -> same(p, peer)));
    }

    private static boolean same(RaftPeer one, RaftPeer other) {
        return one.getId().equals(other.getId())
                && String.valueOf(one.getAddress()).equals(String.valueOf(other.getAddress()))
                && String.valueOf(one.getClientAddress()).equals(String.valueOf(other.getClientAddress()));
    }
}
