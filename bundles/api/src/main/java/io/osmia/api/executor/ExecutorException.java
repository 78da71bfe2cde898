package io.osmia.api.executor;

import java.io.Serial;

/** A verb did not succeed. The message goes to the user: what, which id, what to do. */
public class ExecutorException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean temporary;

    /**
     * @param message for the user
     * @param temporary whether the same call may succeed later; the agent then retries it after 1 s (rule 6.14.4)
     */
    public ExecutorException(String message, boolean temporary) {
        super(message);
        this.temporary = temporary;
    }

    public ExecutorException(String message, boolean temporary, Throwable cause) {
        super(message, cause);
        this.temporary = temporary;
    }

    /** Whether the same call may succeed later. */
    public boolean temporary() {
        return temporary;
    }
}
