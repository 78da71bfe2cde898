package io.osmia.raft.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** In which term this manager leads, if in any. Thread-safe. */
final class Leadership {

    private static final long NONE = 0;

    /** Written under the lock. */
    private volatile long term = NONE;

    /* Guarded by this. */
    private long newest = NONE;

    /** 0 when this manager does not lead. */
    long term() {
        return term;
    }

    boolean leads() {
        return term != NONE;
    }

    /** Whether it now leads in a term; not in one that it led before, since that may have left something in the log. */
    synchronized boolean begin(long of) {
        if (of <= newest) {
            return false;
        }
        newest = of;
        term = of;
        notifyAll();
        return true;
    }

    synchronized void end() {
        term = NONE;
    }

    /** Returns once this manager leads. */
    synchronized void await(long seconds) throws InterruptedException, TimeoutException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!leads()) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                throw new TimeoutException("not leading within " + seconds + " s");
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
