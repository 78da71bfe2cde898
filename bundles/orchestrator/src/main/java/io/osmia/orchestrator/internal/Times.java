package io.osmia.orchestrator.internal;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;

/**
 * Time on the wire and in the code. What no calendar holds becomes the nearest that one does: a number that a client or a
 * worker made up must not stop the loop that reads it.
 */
final class Times {

    /** What protobuf allows: the years 1 to 9999. */
    private static final long FIRST_SECOND = -62_135_596_800L;

    private static final long LAST_SECOND = 253_402_300_799L;
    private static final long MOST_SECONDS = 315_576_000_000L;

    private Times() {}

    static Instant of(Timestamp time) {
        return Instant.ofEpochSecond(Math.clamp(time.getSeconds(), FIRST_SECOND, LAST_SECOND), time.getNanos());
    }

    static Timestamp of(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    static Duration of(com.google.protobuf.Duration time) {
        return Duration.ofSeconds(Math.clamp(time.getSeconds(), -MOST_SECONDS, MOST_SECONDS), time.getNanos());
    }
}
