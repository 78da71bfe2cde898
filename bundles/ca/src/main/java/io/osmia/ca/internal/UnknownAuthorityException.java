package io.osmia.ca.internal;

import io.osmia.ca.CaException;
import java.io.Serial;

/** A certificate that no trusted root has signed. */
public final class UnknownAuthorityException extends CaException {

    @Serial
    private static final long serialVersionUID = 1L;

    UnknownAuthorityException(String message) {
        super(message);
    }
}
