package io.osmia.agent.internal.session;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Receives what a call answers and turns it into events. Its methods run on the connection's thread and do not block. */
final class Inbound<Q, A> implements ClientResponseObserver<Q, A> {

    private final Consumer<A> message;
    private final Consumer<Status> end;
    private volatile @Nullable ClientCallStreamObserver<Q> call;

    /**
     * @param message takes an answer
     * @param end takes the status that the call ended with, OK too
     */
    Inbound(Consumer<A> message, Consumer<Status> end) {
        this.message = message;
        this.end = end;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> requests) {
        call = requests;
    }

    void cancel() {
        ClientCallStreamObserver<Q> started = call;
        if (started != null) {
            started.cancel("no longer needed", null);
        }
    }

    @Override
    public void onNext(A answer) {
        message.accept(answer);
    }

    @Override
    public void onError(Throwable cause) {
        end.accept(Status.fromThrowable(cause));
    }

    @Override
    public void onCompleted() {
        end.accept(Status.OK);
    }
}
