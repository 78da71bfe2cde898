package io.osmia.api.executor;

import java.io.Serial;

/**
 * A verb did not succeed. The message goes to the user as the task's {@code err}: what, which id, what to do.
 *
 * <p>A temporary one leaves the task in its state, and the agent repeats the verb after 1 s (rule 6.14.4): the engine is
 * away, a disk is full, the executor is being replaced. One for good makes the task REJECTED before it was started and FAILED
 * afterwards (rule 6.14.3): image missing, command missing, port taken, unhealthy.
 */
public class ExecutorException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean temporary;

    /**
     * @param message for the user
     * @param temporary whether the same call may succeed later
     */
    public ExecutorException(String message, boolean temporary) {
        super(message);
        this.temporary = temporary;
    }

    /**
     * @param message for the user
     * @param temporary whether the same call may succeed later
     * @param cause for the node's log
     */
    public ExecutorException(String message, boolean temporary, Throwable cause) {
        super(message, cause);
        this.temporary = temporary;
    }

    /** A failure for good. */
    public static ExecutorException permanent(String message) {
        return new ExecutorException(message, false);
    }

    /** A failure that may be over when the call is repeated. */
    public static ExecutorException temporary(String message) {
        return new ExecutorException(message, true);
    }

    /** Whether the same call may succeed later. */
    public boolean temporary() {
        return temporary;
    }
}
