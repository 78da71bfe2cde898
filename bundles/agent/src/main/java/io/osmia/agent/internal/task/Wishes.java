package io.osmia.agent.internal.task;

import io.osmia.api.executor.ExecutorException;
import io.osmia.wire.swarmkit.Task;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What others want of a task, and the only place where its runner can be interrupted: while it waits here, or inside an
 * executor's verb. So an interrupt never hits a write to the journal.
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

    /** A call of an executor. */
    @FunctionalInterface
    interface Verb<T> {
        T call() throws ExecutorException, InterruptedException;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // the following are guarded by lock
    private Wish wish;
    private @Nullable Thread inVerb;
    private boolean ending;
    private boolean interrupted;

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
            if (inVerb != null && (force == Force.ALL || (force == Force.PROGRESS && !ending))) {
                interrupted = true;
                inVerb.interrupt();
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

    /**
     * Calls a verb, unless something else is wanted by now. A verb that fails because it was interrupted counts as
     * cancelled, whatever it throws.
     *
     * @param ends whether it ends or removes a workload, so that only {@link Force#ALL} interrupts it
     */
    <T> T call(long version, boolean ends, Verb<T> verb) throws ExecutorException, CancelledException {
        if (!enter(version, ends)) {
            throw new CancelledException();
        }
        ExecutorException failure;
        try {
            T result = verb.call();
            leave();
            return result;
        } catch (InterruptedException e) {
            leave();
            throw new CancelledException();
        } catch (ExecutorException e) {
            failure = e;
        } catch (RuntimeException | LinkageError e) {
            failure = new ExecutorException("the executor failed: " + e, false, e);
        }
        if (leave()) {
            throw new CancelledException();
        }
        throw failure;
    }

    /** {@link #call}, where failing and being cancelled are outcomes too. */
    Outcome perform(long version, boolean ends, Verb<Outcome> verb) {
        try {
            return call(version, ends, verb);
        } catch (CancelledException e) {
            return new Outcome.Cancelled();
        } catch (ExecutorException e) {
            return new Outcome.Failed(text(e), e.temporary());
        }
    }

    static String text(ExecutorException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private boolean enter(long version, boolean ends) {
        lock.lock();
        try {
            if (wish.version() != version) {
                return false;
            }
            inVerb = Thread.currentThread();
            ending = ends;
            interrupted = false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the verb; true when it was interrupted. */
    private boolean leave() {
        lock.lock();
        try {
            inVerb = null;
            // The interrupt was meant for the verb, which is over.
            Thread.interrupted();
            return interrupted;
        } finally {
            lock.unlock();
        }
    }
}
