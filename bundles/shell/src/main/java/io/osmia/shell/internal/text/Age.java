package io.osmia.shell.internal.text;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;

/** How long ago, for people. */
public final class Age {

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long WEEK = 7 * DAY;
    private static final long MONTH = 30 * DAY;
    private static final long YEAR = 365 * DAY;

    private Age() {}

    public static String of(Timestamp then, Instant now) {
        Instant start = Instant.ofEpochSecond(then.getSeconds(), then.getNanos());
        long seconds = Math.max(0, Duration.between(start, now).toSeconds());
        return seconds == 0 ? "just now" : inWords(seconds) + " ago";
    }

    private static String inWords(long seconds) {
        if (seconds < MINUTE) {
            return count(seconds, "second");
        }
        if (seconds < HOUR) {
            return count(seconds / MINUTE, "minute");
        }
        if (seconds < 2 * DAY) {
            return count(seconds / HOUR, "hour");
        }
        if (seconds < 2 * WEEK) {
            return count(seconds / DAY, "day");
        }
        if (seconds < 2 * MONTH) {
            return count(seconds / WEEK, "week");
        }
        return seconds < 2 * YEAR ? count(seconds / MONTH, "month") : count(seconds / YEAR, "year");
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
