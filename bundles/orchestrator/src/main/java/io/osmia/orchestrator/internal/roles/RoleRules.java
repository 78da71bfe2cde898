package io.osmia.orchestrator.internal.roles;

import io.osmia.roles.Membership.Member;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The order in which a role changes: a manager leaves the raft group before it becomes a worker (rule 8.7). */
final class RoleRules {

    private final String self;

    /** @param self node id of this manager, which leads */
    RoleRules(String self) {
        this.self = self;
    }

    /**
     * What is next.
     *
     * @param node the node; null when it was deleted
     * @param members what it has in the raft group: nothing, or its member
     */
    RoleStep next(@Nullable Node node, List<Member> members) {
        if (node == null) {
            // This manager's own object is missing while its cluster is being founded, and at no other time.
            return members.isEmpty() || members.getFirst().nodeId().equals(self)
                    ? new RoleStep.Rest()
                    : leave(members.getFirst());
        }
        NodeRole desired = node.getSpec().getDesiredRole();
        if (desired == NodeRole.WORKER && !members.isEmpty()) {
            // Even if it is a worker already: it may have joined with a certificate from before.
            return leave(members.getFirst());
        }
        return node.getRole() == desired ? new RoleStep.Rest() : new RoleStep.Assign(desired);
    }

    private RoleStep leave(Member member) {
        return new RoleStep.Leave(
                member.nodeId().equals(self)
                        ? new MemberRequest.HandOver(member.raftId(), member.nodeId())
                        : new MemberRequest.Evict(member.raftId(), member.nodeId()));
    }
}
