package io.osmia.shell.internal.node;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.LabelFlags;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "update", description = "Change what is wanted of a node and print its id.")
final class NodeUpdate extends SessionCommand {

    /** What a node may be told to be. */
    enum Role {
        WORKER,
        MANAGER
    }

    @Parameters(paramLabel = "NODE", description = "Name, id or the start of an id.")
    private String node = "";

    @Option(names = "--availability", paramLabel = "active|pause|drain", description = "Which tasks it takes: all, no new ones, none.")
    private NodeSpec.@Nullable Availability availability;

    @Option(names = "--role", paramLabel = "worker|manager", description = "Whether it is a manager.")
    private @Nullable Role role;

    @Mixin
    private final LabelFlags labels = new LabelFlags();

    NodeUpdate(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        if (availability == NodeSpec.Availability.UNRECOGNIZED) {
            throw Failure.usage("--availability takes active, pause or drain");
        }
        NodeChange.apply(session, node, this::mergeInto, "No change for node " + node);
    }

    private void mergeInto(NodeSpec.Builder spec) {
        if (availability != null) {
            spec.setAvailability(availability);
        }
        if (role != null) {
            spec.setDesiredRole(role == Role.MANAGER ? NodeRole.MANAGER : NodeRole.WORKER);
        }
        labels.mergeInto(spec.getAnnotationsBuilder());
    }
}
