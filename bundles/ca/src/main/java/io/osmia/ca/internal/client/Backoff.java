package io.osmia.ca.internal.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Exponential waiting times between 0 and a bound that grows with the failures (rules 7.5.3, 7.6.2). */
public record Backoff(Duration base, Duration factor, Duration most, RandomGenerator random) {

    private static final int GREATEST_POWER = 30;

    /** How long to wait after so many failures in a row. */
    public Duration after(int failures) {
        long bound = bound(failures).toMillis();
        return bound == 0 ? Duration.ZERO : Duration.ofMillis(random.nextLong(bound));
    }

    Duration bound(int failures) {
        if (failures <= 0) {
            return Duration.ZERO;
        }
        Duration grown = base.plus(factor.multipliedBy(1L << Math.min(failures - 1, GREATEST_POWER)));
        return grown.compareTo(most) > 0 ? most : grown;
    }
}
