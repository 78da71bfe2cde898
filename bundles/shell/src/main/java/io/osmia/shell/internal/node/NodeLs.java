package io.osmia.shell.internal.node;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.ListCommand;
import io.osmia.shell.internal.command.NodeNames;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Table;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "ls", description = "List nodes.", footer = {"",
    "A star after the id marks the node that answers, one after the reachability the leader."})
final class NodeLs extends ListCommand<Node> {

    NodeLs(Session session) {
        super(session);
    }

    @Override
    protected List<Node> ask() throws NotReachable {
        return session.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                .sorted(Comparator.comparing(NodeNames::name).thenComparing(Node::getId))
                .toList();
    }

    @Override
    protected String id(Node node) {
        return node.getId();
    }

    @Override
    protected void print(List<Node> nodes) throws NotReachable {
        String own = Answering.nodeId(session);
        Table table = new Table("ID", "Name", "Membership", "Status", "Availability", "Manager Status");
        for (Node node : nodes) {
            table.row(
                    node.getId().equals(own) ? own + " *" : node.getId(),
                    NodeNames.name(node),
                    node.getSpec().getMembership().name(),
                    node.getStatus().getState().name(),
                    node.getSpec().getAvailability().name(),
                    managerStatus(node));
        }
        table.print(session.out());
    }

    private static String managerStatus(Node node) {
        if (node.hasManagerStatus()) {
            return node.getManagerStatus().getReachability().name()
                    + (node.getManagerStatus().getLeader() ? " *" : "");
        }
        return node.getSpec().getDesiredRole() == NodeRole.MANAGER ? "UNKNOWN" : "";
    }
}
