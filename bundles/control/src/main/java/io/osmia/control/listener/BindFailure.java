package io.osmia.control.listener;

import java.io.IOException;
import java.io.Serial;

/** A listener cannot be bound. The message is for the operator: what, which address, what to do. */
final class BindFailure extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    BindFailure(String message) {
        super(message);
    }

    BindFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
