package io.osmia.executor.podman.internal;

import io.osmia.api.executor.ExecutorException;
import java.io.Serial;

/** Podman did not answer, or this executor is being replaced: nobody knows now, and the call may be repeated. */
final class AwayException extends ExecutorException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String why;

    AwayException(String why) {
        super(why, true);
        this.why = why;
    }

    AwayException(String why, Throwable cause) {
        super(why, true, cause);
        this.why = why;
    }

    /** The message. */
    String why() {
        return why;
    }
}
