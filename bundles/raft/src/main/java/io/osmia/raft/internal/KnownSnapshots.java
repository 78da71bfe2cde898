package io.osmia.raft.internal;

import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.jspecify.annotations.Nullable;

/** Snapshots as they were found or made last. Ratis asks for each entry that it sends, and would look into the folder for it. */
final class KnownSnapshots extends SimpleStateMachineStorage {

    private volatile @Nullable SingleFileSnapshotInfo latest;

    @Override
    public @Nullable SingleFileSnapshotInfo updateLatestSnapshot(@Nullable SingleFileSnapshotInfo found) {
        SingleFileSnapshotInfo updated = super.updateLatestSnapshot(found);
        latest = updated;
        return updated;
    }

    @Override
    public @Nullable SingleFileSnapshotInfo getLatestSnapshot() {
        return latest;
    }
}
