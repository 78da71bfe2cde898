package io.osmia.raft;

import io.osmia.raft.internal.OfflineGroup;
import io.osmia.raft.internal.RestoredGroup;
import io.osmia.roles.LogKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The raft state of a node that does not run, as {@code --force-new-cluster} would go on with it.
 *
 * @param identity whose it is
 * @param members of the newest configuration that is known here: raft id in hex, a dot, node id
 * @param snapshotIndex last log entry in the newest snapshot; -1 when there is none
 * @param lastIndex last entry of the log
 * @param storeVersion that the store has with all entries of the log
 * @param objects how many of each kind, by the name of the table
 */
public record OfflineState(
        RaftIdentity identity,
        List<String> members,
        long snapshotIndex,
        long lastIndex,
        long storeVersion,
        Map<String, Integer> objects) {

    /**
     * Looks at a state directory and changes nothing in {@code raft/}.
     *
     * @param keys what it is sealed with; null when it is not sealed
     * @throws StateException when a node holds it, it has no raft state, is damaged, or sealed with a key that is not given
     */
    public static OfflineState inspect(Path stateDir, @Nullable LogKeys keys) {
        try (StateDirectory held = hold(stateDir)) {
            return new OfflineGroup(held.path(), keys).inspect();
        }
    }

    private static StateDirectory hold(Path stateDir) {
        if (RaftIdentity.read(stateDir).isEmpty()) {
            throw new StateException(stateDir, "holds no raft state");
        }
        return StateDirectory.open(stateDir);
    }

    /** What going on alone keeps and loses, in lines to be read. */
    public List<String> consequences() {
        return List.of(
                "kept: " + sum(objects) + " objects at store version " + storeVersion + " (log entries up to "
                        + lastIndex
                        + ", also those that were not yet acknowledged to anyone)",
                "lost: what other managers acknowledged after log entry " + lastIndex + ", if anything",
                "managers that are given up: " + others());
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private String others() {
        String own = Long.toHexString(identity.raftId()) + "." + identity.nodeId();
        List<String> others = members.stream().filter(member -> !member.equals(own)).toList();
        return others.isEmpty() ? "none" : String.join(", ", others);
    }

    /**
     * Lays a backup into a state directory that has no raft state: a cluster of one, with the objects of the backup.
     *
     * @param nodeId of the node whose certificate is, or will be, in the directory; the cluster id is the backup's
     * @throws StateException when a node holds the directory, it has raft state, or the backup is damaged or newer
     */
    public static Backup restore(Path stateDir, Path backup, String nodeId) {
        Backup whole = Backup.open(backup);
        if (RaftIdentity.read(stateDir).isPresent()) {
            throw new StateException(stateDir, "has raft state already; restore into an empty state directory");
        }
        try (StateDirectory held = StateDirectory.open(stateDir)) {
            RaftIdentity identity = new RaftIdentity(whole.clusterId(), RaftState.newRaftId(), nodeId);
            new RestoredGroup(held.path(), identity).write(whole);
        }
        return whole;
    }
}
