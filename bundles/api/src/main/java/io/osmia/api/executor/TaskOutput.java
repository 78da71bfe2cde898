package io.osmia.api.executor;

import java.io.IOException;
import java.time.Instant;
import org.osgi.annotation.versioning.ConsumerType;

/** Optional interface of an {@link Executor}: the output of its workloads. */
@ConsumerType
public interface TaskOutput {

    /**
     * Reads output in the order in which it was written, per stream.
     *
     * @param handle whose
     * @param follow whether to wait for more until the workload has ended
     * @param tail lines from the end of each stream to begin with; negative for all
     * @param sink called for each line on the caller's thread
     */
    void read(TaskHandle handle, boolean follow, int tail, Sink sink) throws IOException, InterruptedException;

    /** Receives lines. */
    @FunctionalInterface
    interface Sink {
        /**
         * @param stderr whether the line was written to standard error
         * @param line the bytes without the line end
         * @param at when it was written, or {@link Instant#EPOCH} when unknown
         * @return false to stop
         */
        boolean line(boolean stderr, byte[] line, Instant at);
    }
}
