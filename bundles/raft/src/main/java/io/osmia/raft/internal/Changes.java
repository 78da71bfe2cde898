package io.osmia.raft.internal;

import io.osmia.roles.MemberChanges;
import io.osmia.roles.Membership.Member;
import io.osmia.roles.MembershipException;
import io.osmia.roles.MembershipException.Reason;
import java.util.Optional;
import java.util.OptionalLong;

/** Changes of the raft group, through Ratis. */
final class Changes implements MemberChanges {

    @Override
    public void add(Member newcomer) {
        throw notYet();
    }

    @Override
    public void remove(long raftId) {
        throw notYet();
    }

    @Override
    public Optional<QuorumLoss> objection(long raftId) {
        return Optional.empty();
    }

    @Override
    public void transferLeadership(OptionalLong raftId) {
        throw notYet();
    }

    private static MembershipException notYet() {
        return new MembershipException(
                Reason.NOT_LEADER, "raft: failed to process the request: node lost leader status");
    }
}
