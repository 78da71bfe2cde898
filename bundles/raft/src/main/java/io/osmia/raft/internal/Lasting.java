package io.osmia.raft.internal;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Tells what is so for too long from what is so for a moment. By one thread, which looks now and then. */
final class Lasting {

    private final long nanos;
    private final LongSupplier clock;
    private boolean before;
    private long since;

    /** @param clock nanoseconds from anywhere */
    Lasting(Duration tooLong, LongSupplier clock) {
        this.nanos = tooLong.toNanos();
        this.clock = clock;
    }

    /** Whether it is so now, and was at each look for too long; once it has said that, it counts anew. */
    boolean look(boolean now) {
        long at = clock.getAsLong();
        if (!before || !now) {
            since = at;
        }
        before = now;
        boolean tooLong = now && at - since >= nanos;
        if (tooLong) {
            since = at;
        }
        return tooLong;
    }
}
