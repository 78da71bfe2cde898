package io.osmia.control.listener;

import com.google.protobuf.Message;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * What every answer passes: messages get the empty sub-messages that peers always emit (rule 1.1.8), and whatever a
 * handler throws becomes one status and at most one line in the log.
 */
final class Answers implements ServerInterceptor {

    private final UnaryOperator<Message> fill;

    Answers(UnaryOperator<Message> fill) {
        this.fill = fill;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Answering<Q, A> answering = new Answering<>(call, fill);
        try {
            return new Guarded<>(next.startCall(answering, headers), answering);
        } catch (RuntimeException e) {
            answering.fail(e);
            return new ServerCall.Listener<>() {};
        }
    }

    /** The call as handlers see it. */
    private static final class Answering<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private final UnaryOperator<Message> fill;
        private final AtomicBoolean closed = new AtomicBoolean();

        Answering(ServerCall<Q, A> call, UnaryOperator<Message> fill) {
            super(call);
            this.fill = fill;
        }

        @Override
        @SuppressWarnings("unchecked") // filling keeps the type
        public void sendMessage(A message) {
            super.sendMessage(message instanceof Message plain ? (A) fill.apply(plain) : message);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (closed.compareAndSet(false, true)) {
                super.close(Failures.status(status, getMethodDescriptor()), trailers);
            }
        }

        /** Ends the call for what its handler threw; a call that has ended by itself stays as it is. */
        void fail(RuntimeException thrown) {
            if (!isCancelled()) {
                Metadata trailers = Status.trailersFromThrowable(thrown);
                close(Failures.status(thrown, getMethodDescriptor()), trailers == null ? new Metadata() : trailers);
            }
        }
    }

    /** Catches at the top of each callback. */
    private static final class Guarded<Q> extends SimpleForwardingServerCallListener<Q> {

        private final Answering<Q, ?> call;

        Guarded(ServerCall.Listener<Q> listener, Answering<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            guard(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            guard(super::onHalfClose);
        }

        @Override
        public void onCancel() {
            guard(super::onCancel);
        }

        @Override
        public void onComplete() {
            guard(super::onComplete);
        }

        @Override
        public void onReady() {
            guard(super::onReady);
        }

        private void guard(Runnable callback) {
            try {
                callback.run();
            } catch (RuntimeException e) {
                call.fail(e);
            }
        }
    }
}
