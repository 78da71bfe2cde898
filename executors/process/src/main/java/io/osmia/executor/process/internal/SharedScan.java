package io.osmia.executor.process.internal;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all processes once for everybody who asks at the same time: when many tasks end together, each of them would
 * otherwise read the whole of {@code /proc} several times.
 */
final class SharedScan {

    /** Reads the table. */
    @FunctionalInterface
    interface Scan {
        ProcessTable read() throws IOException;
    }

    private final Scan scan;
    private final ReentrantLock scanning = new ReentrantLock();
    /** The scan that has not begun yet; guarded by this. */
    private @Nullable CompletableFuture<ProcessTable> next;

    SharedScan(Scan scan) {
        this.scan = scan;
    }

    /** The processes as they are at some moment after this call began. */
    ProcessTable now() throws IOException, InterruptedException {
        while (true) {
            boolean first = false;
            CompletableFuture<ProcessTable> mine;
            synchronized (this) {
                if (next == null) {
                    next = new CompletableFuture<>();
                    first = true;
                }
                mine = next;
            }
            if (first) {
                return lead(mine);
            }
            try {
                return mine.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException cause) {
                    throw new IOException(cause.getMessage(), cause);
                }
                // Whoever was to do it was interrupted: somebody else does it.
            }
        }
    }

    /** Waits for the scan that is under way, which began too early for those who asked since, and does theirs. */
    private ProcessTable lead(CompletableFuture<ProcessTable> mine) throws IOException, InterruptedException {
        boolean locked = false;
        try {
            scanning.lockInterruptibly();
            locked = true;
            begin(mine);
            ProcessTable table = scan.read();
            mine.complete(table);
            return table;
        } catch (IOException | InterruptedException | RuntimeException e) {
            begin(mine);
            mine.completeExceptionally(e);
            throw e;
        } finally {
            if (locked) {
                scanning.unlock();
            }
        }
    }

    private synchronized void begin(CompletableFuture<ProcessTable> mine) {
        if (next == mine) {
            next = null;
        }
    }
}
