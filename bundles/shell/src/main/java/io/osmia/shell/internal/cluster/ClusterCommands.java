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
                    Entry.command("ls", ClusterLs::new),
                    Entry.command("inspect", ClusterInspect::new),
                    Entry.command("status", ClusterStatus::new),
                    Entry.command("leader", ClusterLeader::new),
                    Entry.command("update", ClusterUpdate::new),
                    Entry.command("join-token", ClusterJoinToken::new),
                    Entry.command("unlock-key", ClusterUnlockKey::new),
                    Entry.command("backup", ClusterBackup::new),
                    Entry.command("restore", session -> new OnDisk.Restore()),
                    Entry.command("recover", session -> new OnDisk.Recover())));

    private ClusterCommands() {}
}
