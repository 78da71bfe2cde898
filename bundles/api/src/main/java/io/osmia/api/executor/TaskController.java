package io.osmia.api.executor;

import java.time.Instant;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One workload: the seven verbs of the task model (rule 6.14.7), each idempotent and cancellable by interruption.
 */
@ConsumerType
public interface TaskController {

    /** Brings everything into place that starting needs. */
    void prepare() throws ExecutorException, InterruptedException;

    /** Starts the workload and returns once it runs. */
    void start() throws ExecutorException, InterruptedException;

    /** Waits for the end of the workload. */
    TaskExit await() throws ExecutorException, InterruptedException;

    /** Asks the workload to stop, and kills its whole process tree after the grace period. Returns when it is gone. */
    void shutdown() throws ExecutorException, InterruptedException;

    /** Kills the workload at once. Returns when it is gone. */
    void terminate() throws ExecutorException, InterruptedException;

    /** Takes over a changed task; what runs is not restarted. */
    void update(ExecutorTask task) throws ExecutorException;

    /** Removes what the workload leaves behind, after stopping it. */
    void remove() throws ExecutorException, InterruptedException;

    /** What is known of the running or ended workload. Must not block. */
    Status status();

    /** Lets go of this controller's own threads and descriptors. The workload is untouched. */
    void close();

    /**
     * @param containerId the workload's name for people and tools
     * @param pid process id on this machine; empty when there is none yet
     * @param startedAt when it started; {@link Instant#EPOCH} when it has not
     */
    record Status(String containerId, OptionalLong pid, Instant startedAt) {}
}
