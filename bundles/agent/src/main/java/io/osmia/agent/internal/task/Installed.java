package io.osmia.agent.internal.task;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.ExecutorException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An executor that is installed on this node, and how it behaves. One that does not come back from a call in time is not
 * called again until that call has returned or the executor was replaced; what it waits for already goes on.
 */
public final class Installed {

    private static final Logger LOG = LoggerFactory.getLogger(Installed.class);

    /** How long a call may take that answers from memory: long enough for a machine that is busy with everything else. */
    static final Duration PROMPT = Duration.ofSeconds(5);

    /** How long a call may take to return when its caller is interrupted: what the SPI grants it. */
    private static final Duration RETURN = Duration.ofSeconds(1);

    /** For how long the first task is let go ahead. */
    private static final Duration HEAD_START = Duration.ofMillis(500);

    /** How old a description may be. */
    private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(250);

    private final Executor executor;
    private final long bundle;
    private final Duration headStart;
    private final Set<Call<?>> lost = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean used = new AtomicBoolean();
    private final CountDownLatch tried = new CountDownLatch(1);
    // the following are guarded by this
    private @Nullable ExecutorDescription described;
    private long describedAt;
    private boolean describing;
    private boolean complained;

    /** @param bundle id of the bundle that it came from */
    Installed(Executor executor, long bundle) {
        this(executor, bundle, HEAD_START);
    }

    /** @param headStart for how long at most the first task goes ahead of the others */
    Installed(Executor executor, long bundle, Duration headStart) {
        this.executor = executor;
        this.bundle = bundle;
        this.headStart = headStart;
    }

    public Executor executor() {
        return executor;
    }

    long bundle() {
        return bundle;
    }

    /**
     * Waits while the first task that uses it is on its way, for a moment at most. At a start of the node hundreds of tasks
     * come at once, and while their threads all load the same classes they keep each other from it for seconds.
     */
    void enter() throws InterruptedException {
        if (!used.compareAndSet(false, true)) {
            tried.await(headStart.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** A task that uses it has arrived where it has to wait, or does not use it any more. */
    void tried() {
        tried.countDown();
    }

    /** What it says of itself, at most a moment ago; empty when it cannot say. */
    Optional<ExecutorDescription> describe() {
        synchronized (this) {
            boolean fresh = described != null && System.nanoTime() - describedAt < FRESH;
            if (fresh || describing || !lost.isEmpty()) {
                return Optional.ofNullable(described);
            }
            describing = true;
        }
        try {
            @Nullable ExecutorDescription now = ask("describe", PROMPT, executor::describe);
            complain(now == null ? "it describes itself as null" : "");
            described(now);
        } catch (NoThreadException e) {
            // It was not asked, and says of itself what it said before.
            LOG.warn("executor {} was not asked to describe itself: {}", this, e.getMessage());
        } catch (ExecutorException e) {
            complain(Wishes.text(e));
            described(null);
        } catch (InterruptedException e) {
            // Who asked wants no answer any more.
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                describing = false;
            }
        }
        synchronized (this) {
            return Optional.ofNullable(described);
        }
    }

    private synchronized void described(@Nullable ExecutorDescription now) {
        described = now;
        describedAt = System.nanoTime();
    }

    /** Says once that it cannot describe itself. */
    private synchronized void complain(String why) {
        if (!why.isEmpty() && !complained) {
            LOG.error("executor {} cannot describe itself and gets no work: {}", this, why);
        }
        complained = !why.isEmpty();
    }

    /**
     * Calls it on a thread of its own.
     *
     * @param what names the call for people
     * @throws ExecutorException as the call, or when it does not return in time, or is not to be called
     */
    <T> @Nullable T ask(String what, Duration bound, Wishes.Verb<T> verb)
            throws ExecutorException, InterruptedException {
        Optional<String> trouble = trouble();
        if (trouble.isPresent()) {
            throw new ExecutorException(trouble.get(), true);
        }
        return within(what, bound, verb);
    }

    /** {@link #ask}, whether or not it is in trouble. */
    <T> @Nullable T within(String what, Duration bound, Wishes.Verb<T> verb)
            throws ExecutorException, InterruptedException {
        Call<T> call = call(what, verb, () -> {});
        Lane.start("executor-" + what, call);
        boolean returned;
        try {
            returned = call.await(bound.toNanos());
        } catch (InterruptedException e) {
            call.cancel();
            giveUpAfter(RETURN, call);
            throw e;
        }
        if (!returned) {
            call.cancel();
            giveUp(call);
            throw new ExecutorException(
                    this + " does not answer: " + what + " took longer than " + bound.toMillis() + " ms",
                    true);
        }
        return Wishes.outcome(call);
    }

    /** Gives up a call that does not return in that time. */
    private void giveUpAfter(Duration grace, Call<?> call) {
        boolean returned = false;
        try {
            returned = call.await(grace.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!returned) {
            giveUp(call);
        }
    }

    /** A call that, once it was given up, is remembered until it returns. */
    <T> Call<T> call(String what, Wishes.Verb<T> verb, Runnable over) {
        Call<?>[] self = new Call<?>[1];
        Call<T> call = new Call<>(what, verb, () -> {
            lost.remove(self[0]);
            over.run();
        });
        self[0] = call;
        return call;
    }

    /** Nobody waits for the call any more. */
    void giveUp(Call<?> call) {
        lost.add(call);
        if (call.returned()) {
            lost.remove(call);
        } else {
            LOG.error(
                    "executor {} ignores being interrupted in {}: its thread is left behind, and it gets no work until"
                            + " that call returns or the executor is replaced",
                    this, call);
        }
    }

    /** Why it is not to be called now. */
    Optional<String> trouble() {
        return lost.stream().findAny().map(call -> "executor " + this + " does not return from " + call
                + "; it gets no work until it does or is replaced");
    }

    @Override
    public synchronized String toString() {
        return described == null
                ? executor.getClass().getName()
                : described.kind() + " " + described.version();
    }
}
