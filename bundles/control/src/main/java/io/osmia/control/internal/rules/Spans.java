package io.osmia.control.internal.rules;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.grpc.Status;
import java.util.Optional;

/** Checks of durations; what passes {@link #readable} fits into 64 bits of nanoseconds. */
final class Spans {

    private static final long MOST_SECONDS = Long.MAX_VALUE / 1_000_000_000L;

    private Spans() {}

    /** Refuses what is no duration, with the code that a failed conversion has (rule 1.4.2). */
    static Optional<Refusal> readable(Duration duration) {
        return isReadable(duration)
                ? Optional.empty()
                : Optional.of(new Refusal(
                        Status.Code.UNKNOWN,
                        "duration: seconds:" + duration.getSeconds() + " nanos:" + duration.getNanos()
                                + " is out of range"));
    }

    static boolean isReadable(Duration duration) {
        return Durations.isValid(duration) && Math.abs(duration.getSeconds()) < MOST_SECONDS;
    }

    /** Refuses what is no duration, and with this text one that is negative. */
    static Optional<Refusal> notNegative(Duration duration, String text) {
        return Refusal.first(
                () -> readable(duration), () -> Refusal.when(Durations.isNegative(duration), text));
    }

    static boolean less(Duration duration, Duration bound) {
        return Durations.compare(duration, bound) < 0;
    }

    static boolean isZero(Duration duration) {
        return duration.getSeconds() == 0 && duration.getNanos() == 0;
    }
}
