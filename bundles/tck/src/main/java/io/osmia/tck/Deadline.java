package io.osmia.tck;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Waiting with a bound: the one place where a test lets time pass. */
final class Deadline {

    private static final CountDownLatch NEVER = new CountDownLatch(1);
    private static final long STEP_MILLIS = 20;

    private Deadline() {}

    /** Asks until the answer is as wanted, and gives it; fails with the last one. */
    static <T> T until(Duration bound, String what, Callable<T> question, Predicate<? super T> wanted)
            throws Exception {
        long end = System.nanoTime() + bound.toNanos();
        @Nullable T last;
        do {
            last = question.call();
            if (wanted.test(last)) {
                return last;
            }
            pass(Duration.ofMillis(STEP_MILLIS));
        } while (System.nanoTime() < end);
        throw new AssertionError(what + ": not within " + bound + ", but " + last);
    }

    /** Waits until that is so. */
    static void until(Duration bound, String what, Callable<Boolean> condition) throws Exception {
        until(bound, what, condition, Boolean::booleanValue);
    }

    /** Lets time pass, for what has no event: an interruption in the middle of a call, a workload's own time. */
    static void pass(Duration time) throws InterruptedException {
        boolean ignored = NEVER.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
