package io.osmia.ca.internal.server;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.osmia.store.StoreException;

/** The refusals of the CA's services as clients see them. */
final class Refusals {

    private Refusals() {}

    static StatusRuntimeException stopped() {
        return Status.ABORTED.withDescription("CA signer is stopped").asRuntimeException();
    }

    static StatusRuntimeException starting() {
        return Status.ABORTED.withDescription("CA signer is still starting").asRuntimeException();
    }

    static StatusRuntimeException invalidArgument() {
        return Status.INVALID_ARGUMENT.withDescription("InvalidArgument").asRuntimeException();
    }

    static StatusRuntimeException notFound() {
        return Status.NOT_FOUND.withDescription("NotFound").asRuntimeException();
    }

    static StatusRuntimeException overloaded(int waiting) {
        return Status.RESOURCE_EXHAUSTED
                .withDescription(waiting + " calls wait for certificates already; ask again later")
                .asRuntimeException();
    }

    /** A failure as gRPC has it; what the store refuses is UNKNOWN to SwarmKit's clients, but for a full disk. */
    static Throwable of(Throwable failure) {
        if (!(failure instanceof StoreException refused)) {
            return failure;
        }
        Status status = refused.reason() == StoreException.Reason.NO_SPACE ? Status.RESOURCE_EXHAUSTED : Status.UNKNOWN;
        return status.withDescription(refused.getMessage()).asRuntimeException();
    }
}
