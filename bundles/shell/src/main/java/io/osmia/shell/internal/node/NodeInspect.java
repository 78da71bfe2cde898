package io.osmia.shell.internal.node;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.InspectCommand;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.TaskTable;
import io.osmia.shell.internal.command.Tasks;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "inspect", description = "Show all about a node.")
final class NodeInspect extends InspectCommand<Node> {

    @Parameters(paramLabel = "NODE", description = "Name, id or the start of an id.")
    private String node = "";

    @Option(names = {"-a", "--all"}, description = "Also tasks that are not meant to run any more.")
    private boolean all;

    NodeInspect(Session session) {
        super(session);
    }

    @Override
    protected Node find() throws NotReachable {
        return new Lookup(session).node(node);
    }

    @Override
    protected void print(Node found) throws NotReachable {
        NodeSummary.of(found, Answering.evidence(session, found.getId()), session.now()).print(session.out());
        session.out().println();
        new TaskTable(session).printDetailed(tasks(found.getId()));
    }

    private List<Task> tasks(String nodeId) throws NotReachable {
        ListTasksRequest request = ListTasksRequest.newBuilder()
                .setFilters(ListTasksRequest.Filters.newBuilder().addNodeIds(nodeId))
                .build();
        return session.control().listTasks(request).getTasksList().stream()
                .filter(task -> all || Tasks.isWanted(task))
                .sorted(Tasks.BY_SLOT)
                .toList();
    }
}
