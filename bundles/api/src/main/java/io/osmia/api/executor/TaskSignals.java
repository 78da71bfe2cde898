package io.osmia.api.executor;

import org.osgi.annotation.versioning.ConsumerType;

/** Optional interface of an {@link Executor}: signals to its workloads. */
@ConsumerType
public interface TaskSignals {

    /**
     * Sends a signal to the workload's first process. Returns when it is sent.
     *
     * @param signal name such as {@code SIGHUP} or {@code HUP}, or a number
     * @throws ExecutorException for good when the workload does not run, or there is no such signal
     */
    void signal(TaskHandle handle, String signal) throws ExecutorException, InterruptedException;
}
