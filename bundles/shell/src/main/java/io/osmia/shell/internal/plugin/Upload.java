package io.osmia.shell.internal.plugin;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.osmia.shell.internal.command.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A call of several messages and one answer. What is sent waits until the other side takes it. */
final class Upload<Q, A> implements ClientResponseObserver<Q, A> {

    private static final int CHUNK = 1 << 20;
    private static final long GREATEST = 64L << 20;
    private static final long LOOK_EVERY_MILLIS = 100;

    private final CompletableFuture<A> answer = new CompletableFuture<>();
    private final Semaphore ready = new Semaphore(0);
    private @Nullable ClientCallStreamObserver<Q> call;

    /** A jar that may be sent. */
    static Path checked(Path jar) {
        try {
            if (Files.size(jar) > GREATEST) {
                throw Failure.refused(jar + " is larger than " + (GREATEST >> 20) + " MiB");
            }
            return jar;
        } catch (IOException e) {
            throw unreadable(jar, e);
        }
    }

    static Failure unreadable(Path jar, IOException e) {
        return Failure.refused("cannot read " + jar + ": " + e.getClass().getSimpleName() + ": " + e.getMessage());
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> started) {
        call = started;
        started.setOnReadyHandler(ready::release);
    }

    private ClientCallStreamObserver<Q> call() {
        ClientCallStreamObserver<Q> started = call;
        if (started == null) {
            throw new IllegalStateException("the call was not made");
        }
        return started;
    }

    /** Sends a message, unless the call has ended. */
    void send(Q message) {
        try {
            while (!call().isReady() && !answer.isDone()) {
                ready.tryAcquire(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            call().cancel("interrupted", e);
        }
        if (!answer.isDone()) {
            call().onNext(message);
        }
    }

    /** Sends the file in pieces. */
    void send(Path jar, Function<ByteString, Q> piece) {
        try (InputStream in = Files.newInputStream(jar)) {
            byte[] chunk = in.readNBytes(CHUNK);
            while (chunk.length > 0 && !answer.isDone()) {
                send(piece.apply(ByteString.copyFrom(chunk)));
                chunk = in.readNBytes(CHUNK);
            }
        } catch (IOException e) {
            call().cancel("the jar cannot be read", e);
            throw unreadable(jar, e);
        }
    }

    /** All is said; the answer comes when it comes. */
    CompletableFuture<A> end() {
        if (!answer.isDone()) {
            call().onCompleted();
        }
        return answer;
    }

    /** Waits for it. */
    static <A> A join(CompletableFuture<A> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw Status.fromThrowable(e.getCause()).asRuntimeException();
        }
    }

    @Override
    public void onNext(A given) {
        answer.complete(given);
    }

    @Override
    public void onError(Throwable cause) {
        answer.completeExceptionally(cause);
    }

    @Override
    public void onCompleted() {
        answer.completeExceptionally(Status.INTERNAL.withDescription("the node did not answer").asException());
    }
}
