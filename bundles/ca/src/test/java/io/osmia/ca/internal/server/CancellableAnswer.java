package io.osmia.ca.internal.server;

import io.grpc.stub.ServerCallStreamObserver;

/** A caller that goes away. */
final class CancellableAnswer<T> extends ServerCallStreamObserver<T> {

    private Runnable onCancel = () -> {};
    private int answers;

    void cancel() {
        onCancel.run();
    }

    int answers() {
        return answers;
    }

    @Override
    public void onNext(T answer) {
        answers++;
    }

    @Override
    public void onError(Throwable thrown) {
        answers++;
    }

    @Override
    public void onCompleted() {}

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
        onCancel = handler;
    }

    @Override
    public void setCompression(String compression) {}

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoInboundFlowControl() {}
}
