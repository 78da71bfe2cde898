package io.osmia.raft.internal;

import io.osmia.raft.internal.transport.TlsTransport;
import io.osmia.roles.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
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

    /** An entry, or a chunk of a snapshot, and what is around it. */
    private static final SizeInBytes GREATEST_MESSAGE = SizeInBytes.valueOf(4L << 20);

    /** Milliseconds without a word from the leader after which a follower stands for election: between these two. */
    static final int TIMEOUT_MIN = 500;

    static final int TIMEOUT_MAX = 1_000;

    /** Milliseconds for one call between members. */
    static final int REQUEST_TIMEOUT = 3_000;

    private static final TimeDuration NEVER = TimeDuration.valueOf(10_000, TimeUnit.DAYS);

    private RaftSettings() {}

    /** For a cluster of one: no transport, and nobody to wait for before an election. */
    static RaftProperties alone(Path raftDir) {
        RaftProperties p = common(raftDir);
        RaftConfigKeys.Rpc.setType(p, new NoTransport());
        firstElectionAtOnce(p);
        // Nobody is waited for; but closing waits for as long as this.
        RaftServerConfigKeys.Rpc.setTimeoutMin(p, millis(50));
        RaftServerConfigKeys.Rpc.setTimeoutMax(p, millis(100));
        // After a pause Ratis steps down, so that others may lead; here there are none.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(p, NEVER);
        return p;
    }

    /**
     * For a member of several, or one that is to be.
     *
     * @param sole whether it is the only member as yet, and so has nobody to wait for before its first election
     */
    static RaftProperties clustered(Path raftDir, HostPort listen, boolean sole) {
        RaftProperties p = common(raftDir);
        if (sole) {
            firstElectionAtOnce(p);
        }
        RaftConfigKeys.Rpc.setType(p, new TlsTransport());
        GrpcConfigKeys.Server.setHost(p, listen.host());
        GrpcConfigKeys.Server.setPort(p, listen.port());
        GrpcConfigKeys.setMessageSizeMax(p, GREATEST_MESSAGE);
        // A follower that has to catch up must not hold up the heartbeats to it.
        GrpcConfigKeys.Server.setHeartbeatChannel(p, true);
        GrpcConfigKeys.Server.setStubPoolSize(p, 1);
        // Event loops of its own it would close with Netty's quiet period, 2 s each time. Those of gRPC are shared.
        GrpcConfigKeys.Server.setBossGroupSize(p, 0);
        GrpcConfigKeys.Server.setWorkerGroupSize(p, 0);
        GrpcConfigKeys.Client.setWorkerGroupSize(p, 0);
        RaftServerConfigKeys.Rpc.setTimeoutMin(p, millis(TIMEOUT_MIN));
        RaftServerConfigKeys.Rpc.setTimeoutMax(p, millis(TIMEOUT_MAX));
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(p, millis(2 * TIMEOUT_MAX));
        // Between the last entry and its sending to followers; a pause of 1 ms by default.
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(p, TimeDuration.ZERO);
        RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(p, true);
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(p, SizeInBytes.valueOf(1L << 20));
        // More chunks than there are: when a follower goes in the middle, the rest would wait for good for it to answer.
        GrpcConfigKeys.Server.setInstallSnapshotRequestElementLimit(p, 1024);
        GrpcConfigKeys.Server.setInstallSnapshotRequestTimeout(p, millis(10_000));
        RaftServerConfigKeys.Rpc.setRequestTimeout(p, millis(REQUEST_TIMEOUT));
        RaftServerConfigKeys.Rpc.setSlownessTimeout(p, TimeDuration.valueOf(60, TimeUnit.SECONDS));
        // A newcomer that says nothing for so long is not taken in.
        RaftServerConfigKeys.setStagingTimeout(p, millis(3_000));
        return p;
    }

    private static RaftProperties common(Path raftDir) {
        RaftProperties p = new RaftProperties();
        storage(p, raftDir);
        elections(p);
        memory(p);
        return p;
    }

    private static void firstElectionAtOnce(RaftProperties p) {
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, millis(1));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(p, millis(2));
    }

    private static TimeDuration millis(long millis) {
        return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
    }

    private static void storage(RaftProperties p, Path raftDir) {
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
        // Snapshots are taken, and old ones removed, by our own SnapshotTaker, which also says what of the log may go.
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, false);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(p, 1);
    }

    private static void elections(RaftProperties p) {
        RaftServerConfigKeys.LeaderElection.setPreVote(p, true);
        RaftServerConfigKeys.LeaderElection.setMemberMajorityAdd(p, false);
        // Ratis closes itself when the machine slept for longer than this. A laptop may.
        RaftServerConfigKeys.setCloseThreshold(p, NEVER);
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
