package io.osmia.shell.internal.node;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.NodeNames;
import io.osmia.shell.internal.command.OutputOptions;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.shell.internal.text.Table;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "ls", description = "List nodes.")
final class NodeLs extends SessionCommand {

    @Option(names = {"-q", "--quiet"}, description = "Only ids.")
    private boolean quiet;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    NodeLs(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        List<Node> nodes = session.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                .sorted(Comparator.comparing(NodeNames::name).thenComparing(Node::getId))
                .toList();
        if (quiet) {
            nodes.forEach(node -> session.out().println(node.getId()));
        } else if (!output.printedJson(session.out(), nodes)) {
            table(nodes).print(session.out());
        }
    }

    private static Table table(List<Node> nodes) {
        Table table = new Table("ID", "Name", "Membership", "Status", "Availability", "Manager Status");
        for (Node node : nodes) {
            table.row(
                    node.getId(),
                    NodeNames.name(node),
                    node.getSpec().getMembership().name(),
                    node.getStatus().getState().name(),
                    node.getSpec().getAvailability().name(),
                    managerStatus(node));
        }
        return table;
    }

    private static String managerStatus(Node node) {
        if (node.hasManagerStatus()) {
            return node.getManagerStatus().getReachability().name()
                    + (node.getManagerStatus().getLeader() ? " *" : "");
        }
        return node.getSpec().getDesiredRole() == NodeRole.MANAGER ? "UNKNOWN" : "";
    }
}
