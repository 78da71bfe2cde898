package io.osmia.agent.internal.task;

import io.osmia.api.executor.ExecutorException;
import io.osmia.wire.swarmkit.Task;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What others want of a task, and where its runner waits for that and for the executor. The runner itself is never
 * interrupted; a call of the executor is, on the thread that it has of its own.
 */
final class Wishes {

    /**
     * @param task the task as the manager wants it
     * @param stop whether it is to be shut down whatever its desired state
     * @param remove whether the workload and every trace of it is to be removed
     * @param close whether the runner is to let go of the workload and end
     * @param version grows with every change
     */
    record Wish(Task task, boolean stop, boolean remove, boolean close, long version) {

        Wish with(Task wanted) {
            return new Wish(wanted, stop, remove, close, version);
        }

        Wish toStop() {
            return new Wish(task, true, remove, close, version);
        }

        Wish toRemove() {
            return new Wish(task, stop, true, close, version);
        }

        Wish toClose() {
            return new Wish(task, stop, remove, true, version);
        }

        private Wish next() {
            return new Wish(task, stop, remove, close, version + 1);
        }
    }

    /** How far a change reaches into a verb that is under way. */
    enum Force {
        /** It does not. */
        NONE,
        /** It interrupts prepare, start and wait, but not what ends a workload. */
        PROGRESS,
        /** It interrupts everything. */
        ALL
    }

    /** How long a call that was interrupted may take to return: five times what the SPI asks of it. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A call of an executor. */
    @FunctionalInterface
    interface Verb<T> {
        T call() throws ExecutorException, InterruptedException;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // the following are guarded by lock
    private Wish wish;
    private @Nullable Call<?> underWay;
    private boolean ending;
    private boolean interrupted;
    private boolean abandoned;

    Wishes(Task task) {
        wish = new Wish(task, false, false, false, 0);
    }

    Wish now() {
        lock.lock();
        try {
            return wish;
        } finally {
            lock.unlock();
        }
    }

    /** Changes what is wanted. */
    void change(Force force, UnaryOperator<Wish> change) {
        lock.lock();
        try {
            wish = change.apply(wish).next();
            if (underWay != null && (force == Force.ALL || (force == Force.PROGRESS && !ending))) {
                interrupted = true;
                underWay.cancel();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the runner, so that it looks around again. */
    void nudge(Force force) {
        change(force, wish -> wish);
    }

    /** Waits until something else is wanted than in that version, at most so long. */
    void awaitChange(long version, Duration timeout) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = timeout.toNanos();
            while (wish.version() == version && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something else is wanted than in that version. */
    void awaitChange(long version) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (wish.version() == version) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has the runner wait no longer for the call that is under way, interrupted or not. */
    void abandon() {
        lock.lock();
        try {
            abandoned = underWay != null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Calls a verb on the lane, unless something else is wanted by now. A verb that fails because it was interrupted counts
     * as cancelled, whatever it throws. One that ignores that it was interrupted is given up after {@link #PATIENCE}.
     *
     * @param what names the call for people
     * @param ends whether it ends or removes a workload, so that only {@link Force#ALL} interrupts it
     * @throws AbandonedException when it is still under way; the lane must not be used any more
     */
    <T> T call(long version, boolean ends, String what, Hold hold, Verb<T> verb)
            throws ExecutorException, CancelledException, InterruptedException {
        Call<T> call = hold.call(what, verb, this::wake);
        if (!enter(version, ends, call)) {
            throw new CancelledException();
        }
        hold.lane().run(call);
        boolean returned = awaitReturn(call);
        boolean wasInterrupted = leave();
        if (!returned) {
            throw new AbandonedException(call);
        }
        @Nullable Throwable failure = call.failure();
        if (failure instanceof InterruptedException || (failure != null && wasInterrupted)) {
            throw new CancelledException();
        }
        T result = outcome(call);
        if (result == null) {
            throw new ExecutorException("the executor failed: " + what + " returned null", true);
        }
        return result;
    }

    /** What a call came to that has returned. */
    static <T> @Nullable T outcome(Call<T> call) throws ExecutorException, InterruptedException {
        @Nullable Throwable failure = call.failure();
        if (failure instanceof ExecutorException e) {
            throw e;
        }
        if (failure instanceof InterruptedException) {
            throw new InterruptedException(call + " was interrupted");
        }
        if (failure != null) {
            throw new ExecutorException("the executor failed: " + failure, true, failure);
        }
        return call.result();
    }

    /** {@link #call}, where failing and being cancelled are outcomes too. */
    Outcome perform(long version, boolean ends, String what, Hold hold, Verb<Outcome> verb)
            throws AbandonedException, InterruptedException {
        try {
            return call(version, ends, what, hold, verb);
        } catch (AbandonedException e) {
            throw e;
        } catch (CancelledException e) {
            return new Outcome.Cancelled();
        } catch (ExecutorException e) {
            return new Outcome.Failed(text(e), e.temporary());
        }
    }

    static String text(ExecutorException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean enter(long version, boolean ends, Call<?> call) {
        lock.lock();
        try {
            if (wish.version() != version) {
                return false;
            }
            underWay = call;
            ending = ends;
            interrupted = false;
            abandoned = false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitReturn(Call<?> call) throws InterruptedException {
        lock.lock();
        try {
            long left = PATIENCE.toNanos();
            while (!call.returned() && !abandoned && left > 0) {
                if (interrupted) {
                    left = changed.awaitNanos(left);
                } else {
                    changed.await();
                }
            }
            return call.returned();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the call; true when it was interrupted. */
    private boolean leave() {
        lock.lock();
        try {
            underWay = null;
            return interrupted;
        } finally {
            lock.unlock();
        }
    }
}
