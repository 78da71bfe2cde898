package io.osmia.api.executor;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One workload: the seven verbs of the task model (rule 6.14.7). Threads, interruption, idempotence and errors are as
 * {@link Executor} says. A controller holds nothing that another one, in another process, could not find again.
 */
@ConsumerType
public interface TaskController {

    /**
     * Brings everything into place that starting needs: image (pulled with {@link Workload#registryAuth}), volumes, folder,
     * the container that is not started yet. May take as long as that takes.
     *
     * @throws ExecutorException for good, e.g. when the image or a mount's source is missing: the task is REJECTED
     */
    void prepare() throws ExecutorException, InterruptedException;

    /**
     * Starts the workload and returns once it runs; with a health check, once it is healthy (rule 6.15.6). A workload that was
     * started before, by anyone, is never started again, whether it still runs or has ended: then {@link #await} tells. A
     * workload that is prepared by another instance is started like one's own.
     *
     * @throws ExecutorException for good when it cannot be started, e.g. its command is missing or its port is taken, when it
     *     failed before it was healthy (one that ended with code 0 has not), or when it became unhealthy (it is then stopped, and the message says
     *     {@code unhealthy container}): the task FAILED
     */
    void start() throws ExecutorException, InterruptedException;

    /**
     * Waits for the end of the workload, however long, and also when its engine is away meanwhile: then it goes on waiting,
     * or throws a temporary exception. A workload that becomes unhealthy is stopped and its exit has no code and the message
     * {@code unhealthy container}. Called again, it tells the same exit.
     *
     * @throws ExecutorException for good when there is no such workload
     */
    TaskExit await() throws ExecutorException, InterruptedException;

    /**
     * Asks the workload to stop, and kills its whole process tree after the grace period. Returns when it is gone. One that
     * was never started, has ended or does not exist is stopped already. What was prepared and not started must not be
     * started by a call that began earlier.
     */
    void shutdown() throws ExecutorException, InterruptedException;

    /** Kills the workload's whole process tree at once. Returns when it is gone; otherwise like {@link #shutdown}. */
    void terminate() throws ExecutorException, InterruptedException;

    /**
     * Takes over a changed task, e.g. another grace period; what runs is not restarted. Waits for nobody. What cannot be
     * changed any more is ignored.
     */
    void update(ExecutorTask task) throws ExecutorException;

    /**
     * Stops the workload as {@link #shutdown} does and removes every trace of it from the machine; named volumes stay. One
     * that does not exist is removed already. Afterwards {@link Executor#recover} says {@link Recovery.Gone}.
     */
    void remove() throws ExecutorException, InterruptedException;

    /**
     * What is known of the running or ended workload. Called after each step. Answers from memory or the local disk within
     * 100 ms; what is not known is empty.
     */
    Status status();

    /** Lets go of this controller's own threads and descriptors. The workload is untouched. May be called twice. */
    void close();

    /**
     * @param containerId the workload's name for people and tools; empty when there is none yet
     * @param pid process id on this machine; empty when there is none yet
     * @param startedAt when it started; {@link Instant#EPOCH} when it has not
     * @param health what its health check says
     * @param ports ports that are published on the host, as they are; empty while it does not run
     */
    record Status(String containerId, OptionalLong pid, Instant startedAt, Health health, List<Port> ports) {

        public Status {
            ports = List.copyOf(ports);
        }

        /** A workload without a health check and ports. */
        public Status(String containerId, OptionalLong pid, Instant startedAt) {
            this(containerId, pid, startedAt, Health.NONE, List.of());
        }
    }
}
