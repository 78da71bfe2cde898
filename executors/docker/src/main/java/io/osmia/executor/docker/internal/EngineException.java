package io.osmia.executor.docker.internal;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A call of the engine did not succeed. */
final class EngineException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Why. */
    enum Kind {
        /** There is no connection, or it broke, or what answers is no engine that this executor can speak with. */
        UNREACHABLE,
        /** No answer in time. */
        TIMEOUT,
        /** This executor has let go of the engine. */
        DETACHED,
        /** The engine refused. */
        REFUSED
    }

    private final Kind kind;
    private final int status;

    private EngineException(Kind kind, int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.status = status;
    }

    static EngineException unreachable(String message, @Nullable Throwable cause) {
        return new EngineException(Kind.UNREACHABLE, 0, message, cause);
    }

    static EngineException timeout(String message) {
        return new EngineException(Kind.TIMEOUT, 0, message, null);
    }

    static EngineException detached() {
        return new EngineException(Kind.DETACHED, 0, "the executor is being replaced", null);
    }

    static EngineException refused(int status, String message) {
        return new EngineException(Kind.REFUSED, status, message, null);
    }

    Kind kind() {
        return kind;
    }

    /** HTTP status of a refusal; 0 otherwise. */
    int status() {
        return status;
    }

    boolean notFound() {
        return status == 404;
    }

    boolean conflict() {
        return status == 409;
    }
}
