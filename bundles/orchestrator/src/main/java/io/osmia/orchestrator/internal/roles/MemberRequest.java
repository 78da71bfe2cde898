package io.osmia.orchestrator.internal.roles;

/** A change of the raft group that the role manager wants. */
sealed interface MemberRequest {

    /** Raft id of the member that is to leave. */
    long raftId();

    String nodeId();

    /** Takes the member out of the group. */
    record Evict(long raftId, String nodeId) implements MemberRequest {}

    /** The member is this manager, which leads: another is to lead, and to go on from there. */
    record HandOver(long raftId, String nodeId) implements MemberRequest {}
}
