package io.osmia.ca;

import io.grpc.Status;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A change of the cluster's CA is refused; the message is the text for the user (rule 7.10). */
public final class CaRefusedException extends CaException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Status.Code code;

    /** What was asked for cannot be done: INVALID_ARGUMENT. */
    public CaRefusedException(String message) {
        this(Status.Code.INVALID_ARGUMENT, message, null);
    }

    private CaRefusedException(Status.Code code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What was asked for is right, and yet it failed: INTERNAL. */
    public static CaRefusedException internal(String message, Throwable cause) {
        return new CaRefusedException(Status.Code.INTERNAL, message, cause);
    }

    /** INVALID_ARGUMENT or INTERNAL. */
    public Status.Code code() {
        return code;
    }
}
