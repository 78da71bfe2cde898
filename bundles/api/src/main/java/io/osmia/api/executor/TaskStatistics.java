package io.osmia.api.executor;

import java.time.Instant;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ConsumerType;

/** Optional interface of an {@link Executor}: what its workloads use. */
@ConsumerType
public interface TaskStatistics {

    /**
     * What the workload, with all of its processes, uses now and has used so far. One look; takes at most 5 s.
     *
     * @throws ExecutorException for good when it does not run
     */
    Usage usage(TaskHandle handle) throws ExecutorException, InterruptedException;

    /**
     * What a workload uses. What the executor does not know is empty.
     *
     * @param at when it was read
     * @param cpuNanos processor time so far, in nanoseconds
     * @param memoryBytes memory in use, without what the kernel can take back, in bytes
     * @param memoryLimitBytes most memory it may use, in bytes; empty also when there is no limit
     * @param pids processes and threads
     * @param readBytes bytes read from block devices so far
     * @param writtenBytes bytes written to block devices so far
     */
    record Usage(
            Instant at,
            OptionalLong cpuNanos,
            OptionalLong memoryBytes,
            OptionalLong memoryLimitBytes,
            OptionalLong pids,
            OptionalLong readBytes,
            OptionalLong writtenBytes) {}
}
