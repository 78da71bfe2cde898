package io.osmia.control.internal.rules;

import io.grpc.Status;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Why a call is refused, as the caller sees it.
 *
 * @param code gRPC status code
 * @param text message, as the rules word it
 */
public record Refusal(Status.Code code, String text) {

    /** A mandatory argument is missing (rule 1.3.1). */
    public static final Refusal INVALID_ARGUMENT = invalid("invalid argument");

    public static Refusal invalid(String text) {
        return new Refusal(Status.Code.INVALID_ARGUMENT, text);
    }

    /** Rule 1.3.2. */
    public static Refusal notFound(String kind, String id) {
        return new Refusal(Status.Code.NOT_FOUND, kind + " " + id + " not found");
    }

    public static Refusal precondition(String text) {
        return new Refusal(Status.Code.FAILED_PRECONDITION, text);
    }

    public static Refusal exists(String text) {
        return new Refusal(Status.Code.ALREADY_EXISTS, text);
    }

    public static Refusal unimplemented(String text) {
        return new Refusal(Status.Code.UNIMPLEMENTED, text);
    }

    /** What no component can do yet. */
    public static Refusal notYet(String what) {
        return unimplemented(what + " is not supported yet");
    }

    /** An INVALID_ARGUMENT with this text if the condition holds. */
    static Optional<Refusal> when(boolean condition, String text) {
        return condition ? Optional.of(invalid(text)) : Optional.empty();
    }

    /** The first failure wins: later checks are not even made. */
    @SafeVarargs
    static Optional<Refusal> first(Supplier<Optional<Refusal>>... checks) {
        for (Supplier<Optional<Refusal>> check : checks) {
            Optional<Refusal> refusal = check.get();
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    /** Leaves the call, and undoes the transaction it is in. */
    public static void raise(Optional<Refusal> refusal) {
        if (refusal.isPresent()) {
            throw new RefusedException(refusal.get());
        }
    }

    /** For {@code throw refusal.exception()}. */
    public RefusedException exception() {
        return new RefusedException(this);
    }
}
