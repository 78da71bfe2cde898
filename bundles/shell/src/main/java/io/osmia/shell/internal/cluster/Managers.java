package io.osmia.shell.internal.cluster;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.NodeNames;
import io.osmia.shell.internal.command.Session;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.RaftMemberStatus;
import java.util.Comparator;
import java.util.List;

/** The nodes that are managers. */
final class Managers {

    private Managers() {}

    /** The leader first, then by name. */
    static List<Node> ask(Session session) throws NotReachable {
        return session.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                .filter(Node::hasManagerStatus)
                .sorted(Comparator.comparing((Node node) -> !isLeader(node))
                        .thenComparing(NodeNames::name)
                        .thenComparing(Node::getId))
                .toList();
    }

    static boolean isLeader(Node node) {
        return node.getManagerStatus().getLeader();
    }

    static boolean isReachable(Node node) {
        return node.getManagerStatus().getReachability() == RaftMemberStatus.Reachability.REACHABLE;
    }
}
