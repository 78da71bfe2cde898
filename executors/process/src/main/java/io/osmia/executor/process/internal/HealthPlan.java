package io.osmia.executor.process.internal;

import io.osmia.api.executor.HealthCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A health check with everything decided: what the task leaves open is as with Docker.
 *
 * @param command program and arguments
 * @param interval time between two checks
 * @param timeout after which a check counts as failed
 * @param retries failures in a row that make the workload unhealthy
 * @param startPeriod time after the start in which failures do not count
 * @param startInterval time between two checks in that period
 */
record HealthPlan(
        List<String> command,
        Duration interval,
        Duration timeout,
        int retries,
        Duration startPeriod,
        Duration startInterval) {

    /** Empty for a task without a check. */
    static Optional<HealthPlan> of(HealthCheck check) {
        List<String> test = check.test();
        if (test.size() < 2) {
            return Optional.empty();
        }
        List<String> words = test.subList(1, test.size());
        return Optional.of(new HealthPlan(
                test.getFirst().equals("CMD-SHELL") ? List.of("sh", "-c", words.getFirst()) : List.copyOf(words),
                or(check.interval(), Duration.ofSeconds(30)),
                or(check.timeout(), Duration.ofSeconds(30)),
                check.retries() > 0 ? check.retries() : 3,
                check.startPeriod(),
                or(check.startInterval(), Duration.ofSeconds(5))));
    }

    private static Duration or(Duration stated, Duration usual) {
        return stated.isPositive() ? stated : usual;
    }

    /** Time until the next check. */
    Duration pause(Instant startedAt, Instant now) {
        boolean starting = now.isBefore(startedAt.plus(startPeriod));
        return starting && startInterval.compareTo(interval) < 0 ? startInterval : interval;
    }
}
