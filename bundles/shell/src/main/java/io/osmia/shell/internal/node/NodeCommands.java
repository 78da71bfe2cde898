package io.osmia.shell.internal.node;

import io.osmia.shell.internal.command.Entry;
import io.osmia.shell.internal.command.OnDisk;
import java.util.List;

/** {@code osmia node} (rule 10.2). */
public final class NodeCommands {

    public static final Entry GROUP = Entry.group(
            "node",
            "Look at nodes, change their role and availability, remove them.",
            List.of(
                    Entry.command("ls", NodeLs::new),
                    Entry.command("inspect", NodeInspect::new),
                    Entry.command("update", NodeUpdate::new),
                    Entry.command("activate", NodeChange.Activate::new),
                    Entry.command("pause", NodeChange.Pause::new),
                    Entry.command("drain", NodeChange.Drain::new),
                    Entry.command("promote", NodeChange.Promote::new),
                    Entry.command("demote", NodeChange.Demote::new),
                    Entry.command("rm", NodeRm::new, "remove"),
                    Entry.command("leave", session -> new OnDisk.Leave())))
            .withFooter("A node is run by 'osmia node --state-dir DIR'; its flags: 'osmia node --help'.");

    private NodeCommands() {}
}
