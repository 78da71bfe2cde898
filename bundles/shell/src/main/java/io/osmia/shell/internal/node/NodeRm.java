package io.osmia.shell.internal.node;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.EachOf;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.swarmkit.RemoveNodeRequest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "rm", description = "Remove nodes for good: their certificates are not let in any more.")
final class NodeRm extends SessionCommand {

    @Parameters(paramLabel = "NODE", arity = "1..*", description = "Names, ids or starts of ids.")
    private List<String> nodes = new ArrayList<>();

    @Option(names = {"-f", "--force"}, description = "Also nodes that are not down. A manager must be demoted first.")
    private boolean force;

    NodeRm(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        EachOf.these(nodes, node -> NodeRefusals.advised(node, given -> {
            String id = new Lookup(session).node(given).getId();
            session.control()
                    .removeNode(RemoveNodeRequest.newBuilder()
                            .setNodeId(id)
                            .setForce(force)
                            .build());
            session.out().println(given);
        }));
    }
}
