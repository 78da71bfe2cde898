package io.osmia.control.internal;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.osmia.control.internal.rules.RefusedException;
import io.osmia.store.StoreException;
import java.util.function.Function;

/** The one place where answers and refusals become gRPC. */
final class Answers {

    private Answers() {}

    /** Makes a call and answers it. An exception that is no refusal is a defect and left to gRPC, which says UNKNOWN. */
    static <Q, A> void unary(Q request, Function<Q, A> call, StreamObserver<A> answer) {
        A result;
        try {
            result = call.apply(request);
        } catch (RefusedException refused) {
            answer.onError(status(refused).asRuntimeException());
            return;
        } catch (StoreException refused) {
            answer.onError(status(refused).asRuntimeException());
            return;
        }
        answer.onNext(result);
        answer.onCompleted();
    }

    private static Status status(RefusedException refused) {
        return refused.refusal().code().toStatus().withDescription(refused.refusal().text());
    }

    /**
     * What the store refuses is UNKNOWN to SwarmKit's clients (rules 1.1.5 and 12.1). Ours are a full disk, and that nobody knows
     * whether the change was made: whoever passed the call on must not make it again, and does not after an answer.
     */
    private static Status status(StoreException refused) {
        Status.Code code =
                switch (refused.reason()) {
                    case NO_SPACE -> Status.Code.RESOURCE_EXHAUSTED;
                    case OUTCOME_UNKNOWN -> Status.Code.UNAVAILABLE;
                    default -> Status.Code.UNKNOWN;
                };
        return code.toStatus().withDescription(refused.getMessage());
    }
}
