package io.osmia.api.executor;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * How a workload ended.
 *
 * @param code exit code 0 to 255, 128+n for death by signal n; empty when nobody can know it
 * @param message what else is known, e.g. {@code exit status unknown}; empty otherwise
 * @param at when it ended
 */
public record TaskExit(OptionalInt code, String message, Instant at) {}
