package io.osmia.shell.internal.node;

import io.osmia.shell.internal.command.Entry;
import io.osmia.wire.swarmkit.NodeSpec.Availability;
import java.util.List;

/** {@code osmia node} (rule 10.2). */
public final class NodeCommands {

    public static final Entry GROUP = Entry.group(
            "node",
            "Look at nodes and take them out of service.",
            List.of(
                    Entry.command("ls", NodeLs::new),
                    Entry.command("inspect", NodeInspect::new),
                    Entry.command("activate", NodeAvailability.Activate::new),
                    Entry.command("pause", NodeAvailability.Pause::new),
                    Entry.command("drain", NodeAvailability.Drain::new)))
            .withFooter("A node is run by 'osmia node --state-dir DIR'; its flags: 'osmia node --help'.");

    private NodeCommands() {}

    /** How the change is spoken of when it is there already. */
    static String already(Availability availability) {
        return switch (availability) {
            case ACTIVE -> "is already active";
            case PAUSE -> "was already paused";
            case DRAIN -> "was already drained";
            case UNRECOGNIZED -> "is already so";
        };
    }
}
