package io.osmia.tck;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.ExecutorException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A call on a thread of its own, which can be interrupted. */
final class Call<T> {

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;

    private Call(Callable<T> callable) {
        this.thread = Thread.ofVirtual().name("tck-call").start(() -> {
            try {
                result.complete(callable.call());
            } catch (Throwable e) {
                // Whatever it is, the test looks at it.
                result.completeExceptionally(e);
            }
        });
    }

    static <T> Call<T> of(Callable<T> callable) {
        return new Call<>(callable);
    }

    /** A verb that gives nothing. */
    static Call<Boolean> of(Verb verb) {
        return new Call<>(() -> {
            verb.call();
            return true;
        });
    }

    /** A verb. */
    interface Verb {
        void call() throws Exception;
    }

    Call<T> interrupt() {
        thread.interrupt();
        return this;
    }

    boolean ended() {
        return result.isDone();
    }

    /** Its result; fails when it does not end in time or fails itself. */
    T value(Duration bound) throws Exception {
        try {
            return result.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the call failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw stuck(bound, e);
        }
    }

    /** What it failed with; fails when it does not. */
    Throwable failure(Duration bound) throws InterruptedException {
        try {
            throw new AssertionError("the call succeeded with " + result.get(bound.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            return Objects.requireNonNullElse(e.getCause(), e);
        } catch (TimeoutException e) {
            throw stuck(bound, e);
        }
    }

    /** After an interruption: it ended in time, either because of it or because it was done already. */
    void endsCancelledOrDone(Duration bound) throws InterruptedException {
        @Nullable Throwable failure = end(bound);
        if (failure != null) {
            assertThat(failure).as("an interrupted call").isInstanceOf(InterruptedException.class);
        }
    }

    /** After an interruption: like {@link #endsCancelledOrDone}, or it had found out that nobody answers. */
    void endsCancelledTemporarilyOrDone(Duration bound) throws InterruptedException {
        @Nullable Throwable failure = end(bound);
        if (failure instanceof ExecutorException e) {
            assertThat(e.temporary()).as("temporary: %s", e).isTrue();
        } else if (failure != null) {
            assertThat(failure).as("an interrupted call").isInstanceOf(InterruptedException.class);
        }
    }

    /** Waits for its end; null when it succeeded. */
    private @Nullable Throwable end(Duration bound) throws InterruptedException {
        try {
            result.get(bound.toNanos(), TimeUnit.NANOSECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            throw stuck(bound, e);
        }
    }

    /** It failed in time with a temporary exception. */
    void failsTemporarily(Duration bound) throws InterruptedException {
        assertThat(failure(bound)).isInstanceOfSatisfying(
                ExecutorException.class, e -> assertThat(e.temporary()).as("temporary: %s", e).isTrue());
    }

    private AssertionError stuck(Duration bound, Throwable cause) {
        AssertionError error = new AssertionError("the call did not end within " + bound, cause);
        error.setStackTrace(thread.getStackTrace());
        return error;
    }
}
