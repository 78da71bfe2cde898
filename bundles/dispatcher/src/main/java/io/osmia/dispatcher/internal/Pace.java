package io.osmia.dispatcher.internal;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When to hand on what has gathered. A little goes at once; after a crowd the next round waits, so that a burst travels in
 * a few large messages and a single change in one quick one.
 */
final class Pace {

    /** More than this in one round is a crowd. */
    private static final int CROWD = 32;

    private final Duration quiet;
    private final int atOnce;
    private Instant notBefore = Instant.MIN;

    Pace(Duration quiet, int atOnce) {
        this.quiet = quiet;
        this.atOnce = atOnce;
    }

    boolean due(int waiting, Instant now) {
        return waiting > 0 && (waiting >= atOnce || !now.isBefore(notBefore));
    }

    /** When what waits will be due; null when nothing waits. */
    @Nullable
    Instant next(int waiting) {
        return waiting == 0 ? null : notBefore;
    }

    void went(int size, Instant now) {
        notBefore = size > CROWD ? now.plus(quiet) : now;
    }
}
