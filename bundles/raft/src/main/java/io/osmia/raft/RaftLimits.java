package io.osmia.raft;

import java.time.Duration;

/**
 * What an operator may tune.
 *
 * @param snapshotInterval applied entries between two snapshots, at least 1 (rule 8.1)
 * @param keptEntries entries that stay in the log behind a snapshot for slow followers (rule 8.1)
 * @param reservedBytes free space of the state directory's file system below which writes are refused; the size of the
 *     newest snapshot is added to it, since the next one is written before that one is removed
 * @param writeTimeout how long {@code update} and {@code batch} wait for one commit
 * @param closeTimeout how long closing may take
 * @param checkInterval applied entries between two comparisons of the managers' copies of the state, at least 1
 */
public record RaftLimits(
        long snapshotInterval,
        long keptEntries,
        long reservedBytes,
        Duration writeTimeout,
        Duration closeTimeout,
        long checkInterval) {

    /** Two log segments, one preallocation and a small snapshot fit into 16 MiB. */
    public static final RaftLimits DEFAULT =
            new RaftLimits(10_000, 500, 16L << 20, Duration.ofSeconds(30), Duration.ofSeconds(5), 1_000);

    public RaftLimits {
        if (snapshotInterval < 1 || keptEntries < 0 || reservedBytes < 0 || checkInterval < 1) {
            throw new IllegalArgumentException("raft limits out of range: " + snapshotInterval + " entries between"
                    + " snapshots, " + keptEntries + " entries kept, " + reservedBytes + " bytes reserved, "
                    + checkInterval
                    + " entries between comparisons");
        }
    }

    public RaftLimits withSnapshotInterval(long entries) {
        return new RaftLimits(entries, keptEntries, reservedBytes, writeTimeout, closeTimeout, checkInterval);
    }

    public RaftLimits withKeptEntries(long entries) {
        return new RaftLimits(snapshotInterval, entries, reservedBytes, writeTimeout, closeTimeout, checkInterval);
    }

    public RaftLimits withReservedBytes(long bytes) {
        return new RaftLimits(snapshotInterval, keptEntries, bytes, writeTimeout, closeTimeout, checkInterval);
    }

    public RaftLimits withCheckInterval(long entries) {
        return new RaftLimits(snapshotInterval, keptEntries, reservedBytes, writeTimeout, closeTimeout, entries);
    }
}
