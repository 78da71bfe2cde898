package io.osmia.shell.internal.plugin;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.ListCommand;
import io.osmia.shell.internal.command.NodeNames;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Table;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.PluginDescription;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(name = "ls", description = "List the executors of each node, with their versions.")
final class ExecutorLs extends ListCommand<Node> {

    /** Type of the engine plugin that stands for an executor. */
    private static final String TYPE = "Executor";

    ExecutorLs(Session session) {
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
    protected void print(List<Node> nodes) {
        Table table = new Table("Node", "Status", "Executors");
        nodes.forEach(node -> table.row(
                session.showsNames() ? NodeNames.name(node) : node.getId(),
                node.getStatus().getState().name(),
                executors(node)));
        table.print(session.out());
    }

    /** A node that names none is an engine of SwarmKit's kind. */
    private static String executors(Node node) {
        String named = node.getDescription().getEngine().getPluginsList().stream()
                .filter(plugin -> plugin.getType().equals(TYPE))
                .map(PluginDescription::getName)
                .sorted()
                .collect(Collectors.joining(", "));
        return named.isEmpty() ? "docker" : named;
    }
}
