package io.osmia.shell.internal.node;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeSpec.Availability;
import io.osmia.wire.swarmkit.UpdateNodeRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Opens a node for tasks, or closes it. */
abstract class NodeAvailability extends SessionCommand {

    @Command(name = "activate", description = "Let a node take tasks again.")
    static final class Activate extends NodeAvailability {
        Activate(Session session) {
            super(session, Availability.ACTIVE);
        }
    }

    @Command(name = "pause", description = "Give a node no new tasks; those it has run on.")
    static final class Pause extends NodeAvailability {
        Pause(Session session) {
            super(session, Availability.PAUSE);
        }
    }

    @Command(name = "drain", description = "Move all tasks away from a node.")
    static final class Drain extends NodeAvailability {
        Drain(Session session) {
            super(session, Availability.DRAIN);
        }
    }

    private final Availability wanted;

    @Parameters(paramLabel = "NODE", description = "Name, id or the start of an id.")
    private String node = "";

    private NodeAvailability(Session session, Availability wanted) {
        super(session);
        this.wanted = wanted;
    }

    @Override
    protected void run() throws NotReachable {
        Node found = new Lookup(session).node(node);
        if (found.getSpec().getAvailability() == wanted) {
            throw Failure.refused("Node " + node + " " + NodeCommands.already(wanted));
        }
        session.control()
                .updateNode(UpdateNodeRequest.newBuilder()
                        .setNodeId(found.getId())
                        .setNodeVersion(found.getMeta().getVersion())
                        .setSpec(found.getSpec().toBuilder().setAvailability(wanted))
                        .build());
        session.out().println(found.getId());
    }
}
