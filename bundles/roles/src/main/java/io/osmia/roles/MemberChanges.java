package io.osmia.roles;

import io.osmia.roles.Membership.Member;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Changes of the raft group. Made one after the other, by the leader; anywhere else each fails with
 * {@link MembershipException.Reason#NOT_LEADER}. Every call waits until the change is committed, at most some seconds.
 */
public interface MemberChanges {

    /**
     * Adds a member, or gives one that is there other addresses; the same again changes nothing (rule 8.4.4).
     *
     * @throws MembershipException with the text of rule 8.4
     */
    void add(Member newcomer);

    /**
     * Removes a member (rules 8.4.5 and 8.4.6). One that leads hands leadership over first and fails with NOT_LEADER: the next
     * leader is to be asked.
     *
     * @throws MembershipException with the text of rule 8.4
     */
    void remove(long raftId);

    /** What removing the member would do to the quorum; empty when enough would be left (rule 8.4.6). */
    Optional<QuorumLoss> objection(long raftId);

    /**
     * Moves leadership to a member, or to the one that is best up to date.
     *
     * @throws MembershipException when there is nobody or it did not take over in time
     */
    void transferLeadership(OptionalLong raftId);

    /**
     * The counts that a refusal names in brackets.
     *
     * @param members managers now
     * @param reachable of these
     * @param membersAfter managers after the removal
     * @param reachableAfter of these
     */
    record QuorumLoss(int members, int reachable, int membersAfter, int reachableAfter) {

        /** For example {@code [2 of 3 managers reachable now, 1 of 2 after; 2 needed]}. */
        @Override
        public String toString() {
            return "[" + reachable + " of " + members + " managers reachable now, " + reachableAfter + " of "
                    + membersAfter + " after; " + (membersAfter / 2 + 1) + " needed]";
        }
    }
}
