package io.osmia.shell.internal.cluster;

import io.osmia.shell.internal.command.Entry;
import java.util.List;

/** {@code osmia cluster} (rule 10.4.3). */
public final class ClusterCommands {

    public static final Entry GROUP = Entry.group(
            "cluster",
            "Look at the cluster and its settings.",
            List.of(
                    Entry.command("ls", ClusterLs::new),
                    Entry.command("inspect", ClusterInspect::new),
                    Entry.command("update", ClusterUpdate::new)));

    private ClusterCommands() {}
}
