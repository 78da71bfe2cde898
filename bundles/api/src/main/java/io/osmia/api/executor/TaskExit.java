package io.osmia.api.executor;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * How a workload ended.
 *
 * @param code exit code 0 to 255, 128+n for death by signal n; empty when nobody can know it
 * @param message what else is known, e.g. {@code out of memory} when its memory limit killed it, {@code unhealthy container},
 *     {@code exit status unknown}; empty otherwise
 * @param at when it ended, as exactly as that is known
 */
public record TaskExit(OptionalInt code, String message, Instant at) {

    /** What the message of a workload says that its memory limit killed. */
    public static final String OUT_OF_MEMORY = "out of memory";

    /** What the message of a workload says that its health check ended. */
    public static final String UNHEALTHY = "unhealthy container";
}
