package io.osmia.ca.internal.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.osmia.ca.CaException;
import io.osmia.ca.internal.OutOfTimeException;
import java.io.Serial;
import java.security.cert.CertificateException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A call of the cluster's CA that was refused or did not come through; the message names the manager. */
public final class CaCallException extends CaException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String address;
    private final transient Status status;

    CaCallException(String address, StatusRuntimeException cause) {
        super(address + ": " + reason(cause), cause);
        this.address = address;
        this.status = cause.getStatus();
    }

    /** What went wrong, from the first that has something to say: TLS and sockets know more than gRPC. */
    private static String reason(StatusRuntimeException failure) {
        String reason = failure.getMessage();
        for (Throwable cause : causes(failure).toList()) {
            if (cause.getMessage() != null) {
                reason = cause.getMessage();
            }
            if (cause instanceof OutOfTimeException) {
                break;
            }
        }
        return String.valueOf(reason);
    }

    String address() {
        return address;
    }

    Status.Code code() {
        return status.getCode();
    }

    /** Whether a manager has judged the request: asking again or elsewhere gets the same answer. */
    boolean isRefusal() {
        return switch (code()) {
            case INVALID_ARGUMENT, PERMISSION_DENIED, UNAUTHENTICATED, NOT_FOUND, UNIMPLEMENTED -> true;
            default -> false;
        };
    }

    /** Whether the caller is not one who may ask that. */
    public boolean isPermissionDenied() {
        return code() == Status.Code.PERMISSION_DENIED;
    }

    /** Whether the other end showed a certificate that is not trusted, as one of another cluster. */
    boolean isDistrust() {
        return certificateTrouble().filter(trouble -> !(trouble instanceof OutOfTimeException)).isPresent();
    }

    /** Whether the other end showed a certificate that is not valid now. */
    boolean isOutOfTime() {
        return certificateTrouble().filter(OutOfTimeException.class::isInstance).isPresent();
    }

    private Optional<Throwable> certificateTrouble() {
        return causes(this).filter(CertificateException.class::isInstance).findFirst();
    }

    /** What is behind it, the nearest first. */
    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure.getCause(), Objects::nonNull, Throwable::getCause);
    }

    String reason() {
        return getMessage().substring(address.length() + 2);
    }
}
