package io.osmia.shell.internal.cluster;

import io.osmia.shell.internal.command.Entry;
import io.osmia.shell.internal.command.OnDisk;
import java.util.List;

/** {@code osmia cluster} (rule 10.4.3). */
public final class ClusterCommands {

    public static final Entry GROUP = Entry.group(
            "cluster",
            "Look at the cluster, change its settings and keys, back it up.",
            List.of(
                    // As JSON, both show the join tokens.
                    Entry.command("ls", ClusterLs::new).forOperators(),
                    Entry.command("inspect", ClusterInspect::new).forOperators(),
                    Entry.command("status", ClusterStatus::new).forViewers(),
                    Entry.command("leader", ClusterLeader::new).forViewers(),
                    Entry.command("update", ClusterUpdate::new).forOperators(),
                    Entry.command("join-token", ClusterJoinToken::new).forOperators(),
                    Entry.command("unlock-key", ClusterUnlockKey::new).forOperators(),
                    Entry.command("backup", ClusterBackup::new).forOperators(),
                    Entry.command("restore", session -> new OnDisk.Restore()),
                    Entry.command("recover", session -> new OnDisk.Recover())));

    private ClusterCommands() {}
}
