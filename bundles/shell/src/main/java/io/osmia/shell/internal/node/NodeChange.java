package io.osmia.shell.internal.node;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.EachOf;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.ReadAndWrite;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.NodeSpec.Availability;
import io.osmia.wire.swarmkit.UpdateNodeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Changes the specification of nodes and prints their ids. */
abstract class NodeChange extends SessionCommand {

    @Command(name = "activate", description = "Let nodes take tasks again.")
    static final class Activate extends NodeChange {
        Activate(Session session) {
            super(session, spec -> spec.setAvailability(Availability.ACTIVE), "is already active");
        }
    }

    @Command(name = "pause", description = "Give nodes no new tasks; those they have run on.")
    static final class Pause extends NodeChange {
        Pause(Session session) {
            super(session, spec -> spec.setAvailability(Availability.PAUSE), "was already paused");
        }
    }

    @Command(name = "drain", description = "Move all tasks away from nodes.")
    static final class Drain extends NodeChange {
        Drain(Session session) {
            super(session, spec -> spec.setAvailability(Availability.DRAIN), "was already drained");
        }
    }

    @Command(name = "promote", description = "Make managers of nodes; their tasks run on.")
    static final class Promote extends NodeChange {
        Promote(Session session) {
            super(session, spec -> spec.setDesiredRole(NodeRole.MANAGER), "is already a manager");
        }
    }

    @Command(name = "demote", description = "Make workers of nodes; their tasks run on.")
    static final class Demote extends NodeChange {
        Demote(Session session) {
            super(session, spec -> spec.setDesiredRole(NodeRole.WORKER), "is already a worker");
        }
    }

    @Parameters(paramLabel = "NODE", arity = "1..*", description = "Names, ids or starts of ids.")
    private List<String> nodes = new ArrayList<>();

    private final Consumer<NodeSpec.Builder> change;
    private final String already;

    private NodeChange(Session session, Consumer<NodeSpec.Builder> change, String already) {
        super(session);
        this.change = change;
        this.already = already;
    }

    @Override
    protected void run() throws NotReachable {
        EachOf.these(
                nodes,
                given -> NodeRefusals.advised(
                        given, node -> apply(session, node, change, "Node " + node + " " + already)));
    }

    /** Changes one node, and prints its id; fails with {@code already} when nothing is to be changed. */
    static void apply(Session session, String given, Consumer<NodeSpec.Builder> change, String already)
            throws NotReachable {
        session.out().println(ReadAndWrite.of(() -> {
            Node found = new Lookup(session).node(given);
            NodeSpec.Builder spec = found.getSpec().toBuilder();
            change.accept(spec);
            if (spec.build().equals(found.getSpec())) {
                throw Failure.refused(already);
            }
            session.control()
                    .updateNode(UpdateNodeRequest.newBuilder()
                            .setNodeId(found.getId())
                            .setNodeVersion(found.getMeta().getVersion())
                            .setSpec(spec)
                            .build());
            return found.getId();
        }));
    }
}
