package io.osmia.control.listener;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.concurrent.TimeUnit;

/**
 * Counts the calls that will end by themselves, so that stopping waits for these and not for streams, which are as long as
 * the node lives.
 */
final class UnaryCalls implements ServerInterceptor {

    private int running; // guarded by this

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (call.getMethodDescriptor().getType() != MethodDescriptor.MethodType.UNARY) {
            return next.startCall(call, headers);
        }
        begin();
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            @Override
            public void onComplete() {
                end();
                super.onComplete();
            }

            @Override
            public void onCancel() {
                end();
                super.onCancel();
            }
        };
    }

    private synchronized void begin() {
        running++;
    }

    private synchronized void end() {
        running--;
        notifyAll();
    }

    /** Waits until none is left, or until the deadline. */
    synchronized void awaitNone(long deadlineNanos) throws InterruptedException {
        long left = deadlineNanos - System.nanoTime();
        while (running > 0 && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadlineNanos - System.nanoTime();
        }
    }
}
