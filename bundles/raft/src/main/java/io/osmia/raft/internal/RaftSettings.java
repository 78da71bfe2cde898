package io.osmia.raft.internal;

import io.osmia.raft.RaftLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Ratis's settings, all that matter, in one place. Its defaults are for other uses than a manager's. */
final class RaftSettings {

    /** Files small enough that purging, which takes whole segments, follows the snapshots closely. */
    private static final SizeInBytes SEGMENT = SizeInBytes.valueOf(4L << 20);

    /** So that most writes change no file size, which would cost the sync a second write. */
    private static final SizeInBytes PREALLOCATED = SizeInBytes.valueOf(1L << 20);

    /** Room for the greatest transaction (rule 1.2.3: 1.5 MiB) and what is around it. */
    private static final int GREATEST_ENTRY = 2 << 20;

    private RaftSettings() {}

    /** For a cluster of one: no transport, and nobody to wait for before an election. */
    static RaftProperties alone(Path raftDir, RaftLimits limits) {
        RaftProperties p = new RaftProperties();
        RaftConfigKeys.Rpc.setType(p, new NoTransport());
        storage(p, raftDir, limits);
        elections(p);
        memory(p);
        return p;
    }

    private static void storage(RaftProperties p, Path raftDir, RaftLimits limits) {
        RaftServerConfigKeys.setStorageDir(p, List.of(raftDir.toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(p, raftDir.resolve("removed").toFile());
        RaftServerConfigKeys.Log.setSegmentSizeMax(p, SEGMENT);
        RaftServerConfigKeys.Log.setPreallocatedSize(p, PREALLOCATED);
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(p, false);
        RaftServerConfigKeys.Log.setAsyncFlushEnabled(p, false);
        RaftServerConfigKeys.Log.setCorruptionPolicy(p, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
        // An entry that repeats the commit index after each write: a second sync for what a restart finds out anyway.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(p, false);
        RaftServerConfigKeys.Log.setPurgeGap(p, 1);
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(p, limits.keptEntries());
        // Snapshots are taken, and old ones removed, by our own SnapshotTaker.
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, false);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(p, 1);
    }

    private static void elections(RaftProperties p) {
        RaftServerConfigKeys.LeaderElection.setPreVote(p, true);
        RaftServerConfigKeys.LeaderElection.setMemberMajorityAdd(p, false);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, TimeDuration.valueOf(1, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(p, TimeDuration.valueOf(2, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Rpc.setTimeoutMin(p, TimeDuration.valueOf(300, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Rpc.setTimeoutMax(p, TimeDuration.valueOf(600, TimeUnit.MILLISECONDS));
        // Ratis closes itself when the machine slept for longer than this. A laptop may.
        RaftServerConfigKeys.setCloseThreshold(p, TimeDuration.valueOf(10_000, TimeUnit.DAYS));
        // And steps down after a pause, so that others may lead; here there are none.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(p, TimeDuration.valueOf(10_000, TimeUnit.DAYS));
        RaftServerConfigKeys.setSleepDeviationThreshold(p, TimeDuration.valueOf(10, TimeUnit.SECONDS));
    }

    private static void memory(RaftProperties p) {
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, SizeInBytes.valueOf(GREATEST_ENTRY));
        RaftServerConfigKeys.Log.setWriteBufferSize(p, SizeInBytes.valueOf(GREATEST_ENTRY + 1024));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(p, 2);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(p, SizeInBytes.valueOf(16L << 20));
        RaftServerConfigKeys.Write.setElementLimit(p, 2 * Proposer.MOST_IN_FLIGHT);
        RaftServerConfigKeys.Write.setByteLimit(p, SizeInBytes.valueOf(256L << 20));
        // Nobody asks twice for the same entry: the proposer never repeats one.
        RaftServerConfigKeys.RetryCache.setExpiryTime(p, TimeDuration.valueOf(1, TimeUnit.SECONDS));
    }
}
