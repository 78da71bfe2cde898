package io.osmia.shell.internal.attach;

import io.grpc.stub.CallStreamObserver;
import java.io.IOException;
import java.io.InterruptedIOException;

/** One direction of a call: sends no faster than the other side takes. Thread-safe. */
public final class Paced<T> {

    private static final long LOOK_AGAIN_MILLIS = 1_000;

    private final CallStreamObserver<T> observer;
    private boolean ended; // guarded by this

    /** To be made while the call begins, before anything is sent. */
    public Paced(CallStreamObserver<T> observer) {
        this.observer = observer;
        observer.setOnReadyHandler(this::wake);
    }

    private synchronized void wake() {
        notifyAll();
    }

    /** @throws IOException when the call has ended */
    public synchronized void send(T message) throws IOException {
        try {
            while (!ended && !observer.isReady()) {
                wait(LOOK_AGAIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        if (ended) {
            throw new IOException("the other side has gone away");
        }
        observer.onNext(message);
    }

    /** Nothing follows. */
    public synchronized void complete() {
        if (!ended) {
            ended = true;
            observer.onCompleted();
        }
    }

    /** The other side is gone; whoever waits to send is let go. */
    public synchronized void gone() {
        ended = true;
        notifyAll();
    }
}
