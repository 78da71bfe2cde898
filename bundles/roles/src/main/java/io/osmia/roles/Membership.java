package io.osmia.roles;

import java.util.List;
import java.util.Optional;

/** The managers of the cluster as raft sees them. */
public interface Membership {

    /** All members, this one included, in the order of their raft ids. */
    List<Member> members();

    /** Called after each change of the list, on a thread that must not be blocked; close to end it. */
    Registration onChange(Runnable listener);

    /** The member that leads, as far as this one knows. */
    default Optional<Member> leader() {
        return members().stream().filter(Member::leader).findFirst();
    }

    /**
     * @param raftId raft id, positive, never reused (rule 8.1.1)
     * @param nodeId node id
     * @param address host:port of the remote API as advertised
     * @param raftAddress host:port of the raft port as advertised; empty while the member is alone and has none
     * @param leader whether it leads
     * @param reachable whether it answered lately (rule 8.5.4)
     */
    record Member(
            long raftId, String nodeId, String address, String raftAddress, boolean leader, boolean reachable) {}
}
