package io.osmia.ca;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Certificates, keys or requests that cannot be used; the message names the file, if there is one, and the reason. */
public class CaException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    public CaException(String message) {
        super(message);
    }

    public CaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
