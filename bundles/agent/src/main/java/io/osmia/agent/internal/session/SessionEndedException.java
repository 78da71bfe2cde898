package io.osmia.agent.internal.session;

import io.grpc.Status;
import java.io.Serial;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** The session is over; another one has to be opened. */
final class SessionEndedException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final String REMOVED = "was removed from swarm";
    private static final String NO_OBJECT = "node not found";

    private final String why;
    private final boolean removed;

    SessionEndedException(String why) {
        super(why);
        this.why = why;
        this.removed = false;
    }

    /** @param what the call that failed */
    SessionEndedException(String what, Status status) {
        super(what + ": " + text(status), status.getCause());
        String distrust = distrust();
        this.why = what + ": " + (distrust == null ? text(status) : distrust);
        this.removed = saysRemoved(status);
    }

    private static String text(Status status) {
        return status.getDescription() == null
                ? status.getCode().toString()
                : status.getCode() + " " + status.getDescription();
    }

    private static boolean saysRemoved(Status status) {
        @Nullable String text = status.getDescription();
        if (text == null) {
            return false;
        }
        return switch (status.getCode()) {
            case PERMISSION_DENIED -> text.contains(REMOVED);
            case UNKNOWN -> text.equals(NO_OBJECT);
            default -> false;
        };
    }

    String why() {
        return why;
    }

    /** Whether the manager said that this node is no longer part of the cluster (rule 7.14.5). */
    boolean removed() {
        return removed;
    }

    /** Why the manager's certificate was not accepted; null when that was not the matter (rule 6.11.13). */
    @Nullable
    String distrust() {
        for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return cause.getMessage() == null ? cause.toString() : cause.getMessage();
            }
        }
        return null;
    }
}
