package io.osmia.agent.internal.task;

import io.osmia.api.executor.ExecutorException;
import java.io.Serial;

/** This node has no thread left to call an executor on: not the executor's fault, and it may be over soon. */
final class NoThreadException extends ExecutorException {

    @Serial
    private static final long serialVersionUID = 1L;

    NoThreadException(OutOfMemoryError cause) {
        super(
                "this node cannot start a thread for it, trying again; raise the limit of processes (TasksMax) of its"
                        + " service: " + cause.getMessage(),
                true,
                cause);
    }
}
