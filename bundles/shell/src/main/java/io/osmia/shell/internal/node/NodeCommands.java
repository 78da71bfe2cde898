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
                    Entry.command("ls", NodeLs::new).forViewers(),
                    Entry.command("inspect", NodeInspect::new).forViewers(),
                    Entry.command("update", NodeUpdate::new).forOperators(),
                    Entry.command("activate", NodeChange.Activate::new).forOperators(),
                    Entry.command("pause", NodeChange.Pause::new).forOperators(),
                    Entry.command("drain", NodeChange.Drain::new).forOperators(),
                    Entry.command("promote", NodeChange.Promote::new).forOperators(),
                    Entry.command("demote", NodeChange.Demote::new).forOperators(),
                    Entry.command("rm", NodeRm::new, "remove").forOperators(),
                    Entry.command("leave", session -> new OnDisk.Leave())))
            .withFooter("A node is run by 'osmia node --state-dir DIR'; its flags: 'osmia node --help'.");

    private NodeCommands() {}
}
