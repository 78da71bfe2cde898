package io.osmia.dispatcher.internal;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/** A caller that notes the answer. */
final class RecordingAnswer<T> implements StreamObserver<T> {

    @Nullable
    T value;
    @Nullable
    Status failure;
    boolean completed;

    @Override
    public void onNext(T answer) {
        value = answer;
    }

    @Override
    public void onError(Throwable cause) {
        failure = Status.fromThrowable(cause);
    }

    @Override
    public void onCompleted() {
        completed = true;
    }
}
