package io.osmia.raft.internal;

import io.osmia.raft.RaftIdentity;
import io.osmia.roles.Membership.Member;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * How a member is called inside raft: raft id in hex, a dot, node id. So the configuration in the log alone says which node
 * a member is, as the member records of rule 8.2.4 do.
 */
record PeerName(long raftId, String nodeId) {

    static PeerName of(RaftIdentity identity) {
        return new PeerName(identity.raftId(), identity.nodeId());
    }

    static PeerName of(Member member) {
        return new PeerName(member.raftId(), member.nodeId());
    }

    static PeerName parse(RaftPeerId id) {
        String text = id.toString();
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("'" + text + "' is no raft member's name");
        }
        return new PeerName(Long.parseUnsignedLong(text.substring(0, dot), 16), text.substring(dot + 1));
    }

    RaftPeerId peerId() {
        return RaftPeerId.valueOf(Long.toHexString(raftId) + "." + nodeId);
    }
}
