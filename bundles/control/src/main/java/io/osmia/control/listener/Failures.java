package io.osmia.control.listener;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.osmia.store.StoreException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where exceptions become gRPC statuses. What nobody foresaw is logged here, once. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** The status of a call whose handler threw. */
    static Status status(Throwable thrown, MethodDescriptor<?, ?> method) {
        return switch (thrown) {
            case StatusRuntimeException e -> status(e.getStatus(), method);
            case StatusException e -> status(e.getStatus(), method);
            case StoreException e -> of(e);
            case CompletionException e when e.getCause() != null -> status(e.getCause(), method);
            case ExecutionException e when e.getCause() != null -> status(e.getCause(), method);
            default -> unforeseen(thrown, method);
        };
    }

    /** gRPC itself turns an exception given to an observer into UNKNOWN without a word: look behind that. */
    static Status status(Status status, MethodDescriptor<?, ?> method) {
        Throwable cause = status.getCause();
        boolean wordless = status.getCode() == Status.Code.UNKNOWN && status.getDescription() == null;
        return wordless && cause != null ? status(cause, method) : status;
    }

    /** Refusals of the store reach users as plain text (rules 1.1.5, 8.6.5). */
    private static Status of(StoreException refusal) {
        Status status =
                switch (refusal.reason()) {
                    case NO_SPACE -> Status.RESOURCE_EXHAUSTED;
                    case STOPPED, OUTCOME_UNKNOWN -> Status.UNAVAILABLE;
                    default -> Status.UNKNOWN;
                };
        return status.withDescription(refusal.getMessage());
    }

    private static Status unforeseen(Throwable thrown, MethodDescriptor<?, ?> method) {
        LOG.error("{} failed on an error that nobody foresaw", method.getFullMethodName(), thrown);
        return Status.INTERNAL.withDescription(
                method.getFullMethodName() + " failed on an internal error; the log of this node has the details");
    }
}
