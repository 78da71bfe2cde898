package io.osmia.executor.docker.internal;

import io.osmia.api.executor.ExecutorException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a container's output: for each stream the time of its last message and how many of that very time were given. The
 * engine knows no other place; its times have nanoseconds.
 */
final class Position {

    private static final Pattern TEXT = Pattern.compile(
            "o(\\d{1,12})\\.(\\d{9})x(\\d{1,9})e(\\d{1,12})\\.(\\d{9})x(\\d{1,9})");

    /** By how much messages of the two streams may stand in another order than their times say. */
    private static final Duration SKEW = Duration.ofSeconds(5);

    private final Mark out;
    private final Mark err;

    private Position(Mark out, Mark err) {
        this.out = out;
        this.err = err;
    }

    static Position beginning() {
        return new Position(new Mark(Instant.EPOCH, 0), new Mark(Instant.EPOCH, 0));
    }

    static Position parse(String text) throws ExecutorException {
        if (text.isEmpty()) {
            return beginning();
        }
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw ExecutorException.permanent("docker: '" + text + "' is not a position in the output of a container");
        }
        return new Position(mark(matcher, 1), mark(matcher, 4));
    }

    private static Mark mark(Matcher matcher, int group) {
        Instant at = Instant.ofEpochSecond(
                Long.parseLong(matcher.group(group)), Long.parseLong(matcher.group(group + 1)));
        return new Mark(at, Integer.parseInt(matcher.group(group + 2)));
    }

    /** The earliest time a message after this place may have; the epoch when there is none before it. */
    Instant since() {
        Instant latest = out.at.isAfter(err.at) ? out.at : err.at;
        return latest.equals(Instant.EPOCH) ? latest : latest.minus(SKEW);
    }

    /** Begins to read again, from {@link #since} or earlier. */
    void rewind() {
        out.rewind();
        err.rewind();
    }

    /** Whether the message comes after this place; moves it there. */
    boolean passes(boolean stderr, Instant at) {
        return (stderr ? err : out).passes(at);
    }

    @Override
    public String toString() {
        return "o" + out + "e" + err;
    }

    /** The place in one stream. */
    private static final class Mark {

        private Instant at;
        private int given;
        private int seen;
        private boolean catchingUp = true;

        Mark(Instant at, int given) {
            this.at = at;
            this.given = given;
        }

        void rewind() {
            catchingUp = true;
            seen = 0;
        }

        boolean passes(Instant time) {
            if (catchingUp) {
                if (time.isBefore(at) || (time.equals(at) && ++seen <= given)) {
                    return false;
                }
                catchingUp = false;
            }
            // Not necessarily later: the clock may have been set back.
            given = time.equals(at) ? given + 1 : 1;
            at = time;
            return true;
        }

        @Override
        public String toString() {
            return String.format("%d.%09dx%d", at.getEpochSecond(), at.getNano(), given);
        }
    }
}
