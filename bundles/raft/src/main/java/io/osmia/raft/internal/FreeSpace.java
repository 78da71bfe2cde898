package io.osmia.raft.internal;

import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the file system has room for the log. Asked before each write, looks at the disk only now and then: once a second,
 * after each MiB written, and each time while there is too little.
 */
final class FreeSpace {

    private static final Logger LOG = LoggerFactory.getLogger(FreeSpace.class);

    private static final long EVERY_NANOS = 1_000_000_000L;
    private static final long EVERY_BYTES = 1L << 20;

    private final LongSupplier usable;
    private final LongSupplier nanos;
    private final long reserved;
    private volatile long snapshotBytes;

    /* Guarded by this. */
    private long checkedAt;
    private long writtenSince = EVERY_BYTES;
    private boolean low;

    FreeSpace(Path directory, long reserved) {
        this(directory.toFile()::getUsableSpace, System::nanoTime, reserved);
    }

    FreeSpace(LongSupplier usable, LongSupplier nanos, long reserved) {
        this.usable = usable;
        this.nanos = nanos;
        this.reserved = reserved;
    }

    /** Whether so little is left that writes are refused. */
    synchronized boolean low() {
        long now = nanos.getAsLong();
        if (low || writtenSince >= EVERY_BYTES || now - checkedAt >= EVERY_NANOS) {
            note(usable.getAsLong());
            checkedAt = now;
            writtenSince = 0;
        }
        return low;
    }

    private void note(long free) {
        boolean before = low;
        low = free < required();
        if (low && !before) {
            LOG.warn(
                    "raft: {} bytes are free on the state directory's file system and {} are needed: writes are refused",
                    free,
                    required());
        } else if (!low && before) {
            LOG.info("raft: there is space for the log again, {} bytes", free);
        }
    }

    /** So much more went into the log. */
    synchronized void written(long bytes) {
        writtenSince += bytes;
    }

    /** Whether there is room for {@code bytes} more beside the reserve; looks at the disk. */
    boolean roomFor(long bytes) {
        return usable.getAsLong() >= reserved + bytes;
    }

    /** The newest snapshot's size: the next one needs about as much before this one is removed. */
    void snapshotBytes(long bytes) {
        snapshotBytes = bytes;
    }

    long snapshotBytes() {
        return snapshotBytes;
    }

    long required() {
        return reserved + snapshotBytes;
    }
}
