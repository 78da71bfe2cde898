package io.osmia.control.listener;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One try of a unary call at another manager. */
final class Attempt extends ClientCall.Listener<byte[]> {

    /**
     * What came of it.
     *
     * @param left whether any of it may have reached the other one
     * @param answered whether the status is the other one's, and not that of the connection
     */
    record Outcome(
            @Nullable Metadata headers,
            byte @Nullable [] message,
            Status status,
            Metadata trailers,
            boolean left,
            boolean answered) {

        /** The connection failed, in place of the call (rule 8.8.6). */
        boolean connectionFailed() {
            return !answered && headers == null && status.getCode() == Status.Code.UNAVAILABLE;
        }

        /** It is certain that nobody carried the call out. */
        boolean wasNotMade() {
            return (connectionFailed() && !left) || refusedAsRedirect();
        }

        private boolean refusedAsRedirect() {
            return status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                    && String.valueOf(status.getDescription()).startsWith(Leaders.ONE_REDIRECT);
        }
    }

    /** Sees whether headers were written to a connection, and whether a status came back. */
    private static final class Trace extends ClientStreamTracer.Factory {

        private volatile boolean left;
        private volatile boolean answered;

        @Override
        public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
            return new ClientStreamTracer() {
                @Override
                public void outboundHeaders() {
                    left = true;
                }

                @Override
                public void inboundTrailers(Metadata trailers) {
                    answered = true;
                }
            };
        }
    }

    private final Trace trace = new Trace();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private @Nullable Metadata headers; // gRPC calls a listener from one thread at a time
    private byte @Nullable [] message;

    private Attempt() {}

    /**
     * Makes the call within the current context, whose deadline and end are the call's.
     *
     * @return completed once, always normally
     */
    static CompletableFuture<Outcome> make(
            Leaders.There target, MethodDescriptor<byte[], byte[]> method, Metadata headers, byte[] request) {
        Attempt attempt = new Attempt();
        ClientCall<byte[], byte[]> call =
                target.call(method, CallOptions.DEFAULT.withStreamTracerFactory(attempt.trace));
        call.start(attempt, headers);
        call.request(2); // one message and the end
        call.sendMessage(request);
        call.halfClose();
        return attempt.outcome;
    }

    @Override
    public void onHeaders(Metadata received) {
        headers = received;
    }

    @Override
    public void onMessage(byte[] received) {
        message = received;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        outcome.complete(new Outcome(headers, message, status, trailers, trace.left, trace.answered));
    }
}
