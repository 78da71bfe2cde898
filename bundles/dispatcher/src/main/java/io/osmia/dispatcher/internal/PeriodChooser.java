package io.osmia.dispatcher.internal;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Heartbeat periods, each a little different, so that the beats of many nodes spread out (rule 6.1). */
final class PeriodChooser {

    private final Duration period;
    private final long epsilonNanos;
    private final RandomGenerator random;

    PeriodChooser(Duration period, Duration epsilon, RandomGenerator random) {
        this.period = period;
        // A period must stay positive, however short the administrator makes it.
        this.epsilonNanos = Math.min(epsilon.toNanos(), period.toNanos() / 2);
        this.random = random;
    }

    Duration period() {
        return period;
    }

    /** The period plus a random amount in [-epsilon, +epsilon). */
    Duration pick() {
        return epsilonNanos == 0 ? period : period.plusNanos(random.nextLong(-epsilonNanos, epsilonNanos));
    }
}
