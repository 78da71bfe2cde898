package io.osmia.dispatcher.internal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The earliest of some times, where null stands for never. */
final class Earliest {

    private Earliest() {}

    static @Nullable Instant of(@Nullable Instant... times) {
        Instant earliest = null;
        for (Instant time : times) {
            if (time != null && (earliest == null || time.isBefore(earliest))) {
                earliest = time;
            }
        }
        return earliest;
    }
}
