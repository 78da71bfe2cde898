package io.osmia.api.executor;

import java.time.Duration;
import java.util.List;

/**
 * How an engine finds out whether a workload is well. A duration of zero and a count of 0 leave the choice to the image and
 * the engine.
 *
 * @param test {@code [CMD, program, arguments...]}, {@code [CMD-SHELL, text]}, {@code [NONE]} for no check although the image
 *     has one; empty for the image's check
 * @param interval time between two checks
 * @param timeout after which a check counts as failed
 * @param retries failures in a row that make the workload unhealthy
 * @param startPeriod time after the start in which failures do not count
 * @param startInterval time between two checks in that period
 */
public record HealthCheck(
        List<String> test,
        Duration interval,
        Duration timeout,
        int retries,
        Duration startPeriod,
        Duration startInterval) {

    /** The image's check, if it has one. */
    public static final HealthCheck INHERITED =
            new HealthCheck(List.of(), Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, Duration.ZERO);

    public HealthCheck {
        test = List.copyOf(test);
    }
}
