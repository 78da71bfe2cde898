package io.osmia.orchestrator.internal.roles;

import io.osmia.wire.swarmkit.NodeRole;

/** What is next for one node on the way to the role that is asked for. */
sealed interface RoleStep {

    /** Its role is as it should be. */
    record Rest() implements RoleStep {}

    /** Its role is to be written into the node object. */
    record Assign(NodeRole role) implements RoleStep {}

    /** It is to leave the raft group first. */
    record Leave(MemberRequest request) implements RoleStep {}
}
