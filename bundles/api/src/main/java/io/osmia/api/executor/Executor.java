package io.osmia.api.executor;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Runs workloads on this node. Workloads outlive the executor's bundle and the whole Java process: {@link #detach} leaves
 * them alone and {@link #recover} finds them again.
 *
 * <p>All methods may be called from any thread, several at a time for different tasks. Those that block react to
 * interruption. Everything is idempotent: a verb that already happened succeeds.
 */
@ConsumerType
public interface Executor {

    /** What this executor is and can do, now. Must not block. */
    ExecutorDescription describe();

    /**
     * The handle of a task, before anything is started. The same task gives an equal handle.
     *
     * @throws ExecutorException when this executor can never run the task; the task is REJECTED with the message
     */
    TaskHandle handle(ExecutorTask task, String specDigest) throws ExecutorException;

    /** A controller for the workload that the handle names, whether or not it exists yet. Does no I/O that blocks. */
    TaskController controller(ExecutorTask task, TaskHandle handle) throws ExecutorException;

    /** Looks for the workload that the handle names. Changes nothing. */
    Recovery recover(TaskHandle handle);

    /** Handles of every workload of this executor that exists on the machine for this node, journalled or not. */
    List<TaskHandle> list() throws ExecutorException;

    /** Lets go of everything: threads, descriptors, sockets. Workloads are untouched. Bounded by 1 s. */
    void detach();
}
