package io.osmia.raft.internal;

import io.osmia.raft.RaftLimits;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.RaftConfig;
import java.util.List;

/**
 * How often snapshots are taken and what stays behind them: as {@code spec.raft} of the cluster says (rule 8.1), and as the
 * limits say while it says nothing.
 *
 * @param interval applied entries between two snapshots; {@link #NEVER} when only a change of the log key takes one
 * @param keptEntries entries that stay in the log behind a snapshot for slow followers
 * @param oldSnapshots snapshots that stay besides the newest
 */
record SnapshotPace(long interval, long keptEntries, long oldSnapshots) {

    static final long NEVER = Long.MAX_VALUE;

    static SnapshotPace of(View view, RaftLimits limits) {
        List<Cluster> clusters = view.find(Table.CLUSTERS, By.ALL);
        if (clusters.isEmpty() || !clusters.getFirst().getSpec().hasRaft()) {
            return new SnapshotPace(limits.snapshotInterval(), limits.keptEntries(), 0);
        }
        RaftConfig spec = clusters.getFirst().getSpec().getRaft();
        long interval = bounded(spec.getSnapshotInterval());
        return new SnapshotPace(
                interval == 0 ? NEVER : interval,
                bounded(spec.getLogEntriesForSlowFollowers()),
                bounded(spec.getKeepOldSnapshots()));
    }

    /** The wire's numbers have no sign. */
    private static long bounded(long number) {
        return number < 0 ? Long.MAX_VALUE : number;
    }
}
