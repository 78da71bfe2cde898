package io.osmia.launcher;

import java.io.Serial;

/** The command line cannot be understood; the message says which part and what to do. */
final class UsageException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
