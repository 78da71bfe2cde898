package io.osmia.agent.internal.session;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next session: a random time below a bound that grows with each failure (rule 6.11.3). */
final class Backoff {

    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration LARGEST = Duration.ofSeconds(8);

    private final RandomGenerator random;
    private Duration bound = Duration.ZERO;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    void failed() {
        Duration next = STEP.plus(bound.multipliedBy(2));
        bound = next.compareTo(LARGEST) > 0 ? LARGEST : next;
    }

    void reset() {
        bound = Duration.ZERO;
    }

    Duration bound() {
        return bound;
    }

    /** A time in [0, bound). */
    Duration pick() {
        return bound.isZero() ? Duration.ZERO : Duration.ofNanos(random.nextLong(bound.toNanos()));
    }
}
