package io.osmia.agent.internal.task;

import org.jspecify.annotations.Nullable;

/**
 * One call of an executor. It runs on a thread that it may keep for ever; whoever waits for it may give it up.
 *
 * @param <T> what it returns
 */
final class Call<T> implements Runnable {

    private final String what;
    private final Wishes.Verb<T> verb;
    private final Runnable over;
    // the following are guarded by this
    private @Nullable Thread thread;
    private @Nullable T result;
    private @Nullable Throwable failure;
    private boolean cancelled;
    private boolean returned;

    /**
     * @param what names it for people, e.g. {@code start of task x}
     * @param over told when it has returned, on its thread
     */
    Call(String what, Wishes.Verb<T> verb, Runnable over) {
        this.what = what;
        this.verb = verb;
        this.over = over;
    }

    @Override
    public void run() {
        @Nullable T got = null;
        @Nullable Throwable thrown = null;
        if (begun()) {
            try {
                got = verb.call();
            } catch (Throwable e) {
                // Code of a plugin may throw anything; whoever waits for it says what that means.
                thrown = e;
            }
        } else {
            thrown = new InterruptedException();
        }
        synchronized (this) {
            thread = null;
            // An interrupt was meant for this call, which is over.
            Thread.interrupted();
        }
        end(got, thrown);
    }

    /** Ends it without having run it. */
    void fail(Throwable why) {
        end(null, why);
    }

    private void end(@Nullable T got, @Nullable Throwable thrown) {
        synchronized (this) {
            result = got;
            failure = thrown;
            returned = true;
            notifyAll();
        }
        over.run();
    }

    private synchronized boolean begun() {
        if (!cancelled) {
            thread = Thread.currentThread();
        }
        return !cancelled;
    }

    /** Interrupts it, or keeps it from beginning. */
    synchronized void cancel() {
        cancelled = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    synchronized boolean returned() {
        return returned;
    }

    /** Why it failed; null when it did not, or has not returned. */
    synchronized @Nullable Throwable failure() {
        return failure;
    }

    /** What it returned. */
    synchronized @Nullable T result() {
        return result;
    }

    /** Waits for its return; false when it is still under way after so many nanoseconds. */
    synchronized boolean await(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (!returned) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            // At least a millisecond: 0 would wait for ever.
            wait(Long.max(1, left / 1_000_000));
        }
        return true;
    }

    @Override
    public String toString() {
        return what;
    }
}
