package io.osmia.ca.internal.server;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The one answer of a unary call, or its error. */
final class Answer<T> implements StreamObserver<T> {

    @Nullable
    T value;

    @Nullable
    Status error;

    @Override
    public void onNext(T answer) {
        value = answer;
    }

    @Override
    public void onError(Throwable thrown) {
        error = Status.fromThrowable(thrown);
    }

    @Override
    public void onCompleted() {
        Objects.requireNonNull(value, "completed without an answer");
    }

    boolean open() {
        return value == null && error == null;
    }

    T value() {
        return Objects.requireNonNull(value, this::text);
    }

    String text() {
        return error == null ? "OK" : error.getCode() + " " + error.getDescription();
    }
}
