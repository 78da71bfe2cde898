package io.osmia.dispatcher.internal;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;

/** A {@link Sink} over a gRPC server stream. */
final class CallSink<T> implements Sink<T> {

    private final ServerCallStreamObserver<T> call;
    private boolean ended;

    /**
     * Call in the handler, before it returns.
     *
     * @param ready called when the client has read enough for more
     * @param gone called when the client has gone
     */
    CallSink(StreamObserver<T> observer, Runnable ready, Consumer<CallSink<T>> gone) {
        this.call = (ServerCallStreamObserver<T>) observer;
        call.setOnReadyHandler(ready);
        call.setOnCancelHandler(() -> gone.accept(this));
    }

    @Override
    public boolean ready() {
        return call.isReady();
    }

    @Override
    public boolean cancelled() {
        return call.isCancelled();
    }

    @Override
    public void send(T message) {
        if (!ended && !call.isCancelled()) {
            call.onNext(message);
        }
    }

    @Override
    public void end(Status status) {
        if (ended || call.isCancelled()) {
            return;
        }
        ended = true;
        if (status.isOk()) {
            call.onCompleted();
        } else {
            call.onError(status.asRuntimeException());
        }
    }
}
