package io.osmia.executor.podman.internal;

import io.osmia.api.executor.ExecutorException;
import java.time.Instant;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader of a container's output is. Podman 4 tells the time of a line in whole seconds, so a place is a second, how
 * many lines of each stream have ended from that second on, and the second of the last of them: the lines keep their order,
 * whoever reads them, but those that were counted may be gone with a log that was full.
 *
 * <p>One cursor is good for one pass over the output; {@link #position} begins the next one.
 */
final class LogCursor {

    private static final Pattern POSITION =
            Pattern.compile("(-?[0-9]{1,18}) ([0-9]{1,18}) ([0-9]{1,18}) (-?[0-9]{1,18}\\.[0-9]{9})( -?[0-9]{1,18})?");

    private static final long NO_SECOND = Long.MIN_VALUE;

    /** By how many seconds the machine's clock may be set back without a line being left out. */
    private static final long STEP = 2;

    /** Nothing before it was ever asked for. */
    private final Instant since;

    private final long base;
    private final long last;
    private final long[] toSkip;
    private final TreeMap<Long, long[]> ended = new TreeMap<>();

    /** From that second on all lines are counted. */
    private long counted;

    /** Second in which the unfinished line of each stream began. */
    private final long[] begun = {NO_SECOND, NO_SECOND};

    private LogCursor(Instant since, long base, long last, long out, long err) {
        this.since = since;
        this.base = base;
        this.last = last;
        this.toSkip = new long[] {out, err};
        this.counted = base;
    }

    static LogCursor atTheBeginning(Instant since) {
        return new LogCursor(since, NO_SECOND, NO_SECOND, 0, 0);
    }

    static LogCursor at(String position, Instant since) throws ExecutorException {
        Matcher place = POSITION.matcher(position);
        if (!place.matches()) {
            throw Refusals.never("'" + position + "' is not a place in the output of a container");
        }
        String[] parts = place.group(4).split("\\.");
        Instant before = Instant.ofEpochSecond(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        return new LogCursor(
                before.isAfter(since) ? before : since,
                Long.parseLong(place.group(1)),
                place.group(5) == null ? Long.MAX_VALUE : Long.parseLong(place.group(5).strip()),
                Long.parseLong(place.group(2)),
                Long.parseLong(place.group(3)));
    }

    /** What Podman is to be asked for: lines later than this; null for all. */
    @Nullable
    String after() {
        Instant floor = since.equals(Instant.EPOCH) ? Instant.MIN : since.minusNanos(1);
        if (base != NO_SECOND && Instant.ofEpochSecond(base - 1).isAfter(floor)) {
            floor = Instant.ofEpochSecond(base - 1);
        }
        return floor.equals(Instant.MIN) ? null : seconds(floor);
    }

    static String seconds(Instant time) {
        return "%d.%09d".formatted(time.getEpochSecond(), time.getNano());
    }

    /** Takes note of a piece of a line; false when it is from before the place where this pass begins. */
    boolean piece(int stream, Instant at) {
        long second = at.getEpochSecond();
        if (second < base) {
            return false;
        }
        if (begun[stream] == NO_SECOND) {
            begun[stream] = second;
        }
        return true;
    }

    /** Takes note of the end of a line; whether it has not been given before. */
    boolean end(int stream, Instant at) {
        begun[stream] = NO_SECOND;
        ended.computeIfAbsent(at.getEpochSecond(), s -> new long[2])[stream]++;
        if (toSkip[stream] > 0 && at.getEpochSecond() <= last) {
            toSkip[stream]--;
            return false;
        }
        return true;
    }

    /** The place after the last line that ended. */
    String position() {
        long latest = ended.isEmpty() ? Math.max(base, 0) : ended.lastKey();
        long from = latest - STEP;
        for (long second : begun) {
            from = second == NO_SECOND ? from : Math.min(from, second);
        }
        from = Math.max(from, counted);
        counted = from;
        ended.headMap(from).clear();
        long[] sum = new long[2];
        for (long[] counts : ended.values()) {
            sum[0] += counts[0];
            sum[1] += counts[1];
        }
        return from + " " + sum[0] + " " + sum[1] + " " + seconds(since) + " " + latest;
    }
}
