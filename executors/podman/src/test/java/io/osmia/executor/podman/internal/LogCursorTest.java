package io.osmia.executor.podman.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.executor.ExecutorException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LogCursorTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** A piece of a line: Podman's frame. */
    private record Piece(int stream, Instant at, boolean end) {}

    @Property(tries = 500)
    void fromAnyPlaceTheRestAndNothingElseIsGiven(
            @ForAll @Size(max = 30) List<@IntRange(max = 12) Integer> shapes, @ForAll @IntRange(max = 40) int stop)
            throws Exception {
        List<Piece> log = log(shapes);
        List<Integer> all = new ArrayList<>();
        List<String> places = new ArrayList<>();
        read(log, LogCursor.atTheBeginning(Instant.EPOCH), Integer.MAX_VALUE, all, places);
        List<Integer> first = new ArrayList<>();
        List<String> place = new ArrayList<>();
        read(log, LogCursor.atTheBeginning(Instant.EPOCH), stop, first, place);
        if (!first.isEmpty()) {
            List<Integer> rest = new ArrayList<>();
            read(log, LogCursor.at(place.getLast(), Instant.EPOCH), Integer.MAX_VALUE, rest, new ArrayList<>());
            first.addAll(rest);
            assertThat(first).isEqualTo(all);
        }
    }

    /** Two streams, seconds that go by now and then, once too many, lines of one or more pieces. */
    private static List<Piece> log(List<Integer> shapes) {
        List<Piece> log = new ArrayList<>();
        Instant now = START;
        for (int shape : shapes) {
            now = now.plusSeconds(shape == 12 ? 0 : shape / 8);
            log.add(shape == 12
                    ? new Piece(0, now.minusSeconds(2), true)
                    : new Piece(shape % 2, now, shape / 2 % 2 == 0));
        }
        return log;
    }

    /** Gives the indices of the pieces that end lines, as Podman would be asked for them. */
    private static void read(List<Piece> log, LogCursor cursor, int stop, List<Integer> ends, List<String> places) {
        String after = cursor.after();
        long floor = after == null ? Long.MIN_VALUE : Long.parseLong(after.split("\\.")[0]);
        for (int i = 0; i < log.size() && ends.size() < stop; i++) {
            Piece piece = log.get(i);
            if (piece.at().getEpochSecond() > floor && cursor.piece(piece.stream(), piece.at()) && piece.end()
                    && cursor.end(piece.stream(), piece.at())) {
                ends.add(i);
                places.add(cursor.position());
            }
        }
    }

    @Test
    void theEarliestTimeIsPartOfThePlace() throws Exception {
        LogCursor cursor = LogCursor.atTheBeginning(START.plusMillis(5));
        assertThat(cursor.after()).isEqualTo(START.getEpochSecond() + ".004999999");
        cursor.piece(0, START.plusSeconds(9));
        cursor.end(0, START.plusSeconds(9));
        assertThat(LogCursor.at(cursor.position(), Instant.EPOCH).after())
                .isEqualTo(START.plusSeconds(6).getEpochSecond() + ".000000000");
    }

    @Test
    void linesThatWereCountedAndAreGoneTakeNoLaterOnesWithThem() throws Exception {
        List<Piece> log = List.of(
                new Piece(0, START, true), new Piece(0, START, true), new Piece(0, START.plusSeconds(1), true));
        List<String> places = new ArrayList<>();
        read(log, LogCursor.atTheBeginning(Instant.EPOCH), 3, new ArrayList<>(), places);
        List<Piece> rotated =
                List.of(new Piece(0, START.plusSeconds(2), true), new Piece(0, START.plusSeconds(2), true));
        List<Integer> rest = new ArrayList<>();
        read(rotated, LogCursor.at(places.getLast(), Instant.EPOCH), 9, rest, places);
        assertThat(rest).containsExactly(0, 1);
    }

    @Test
    void aPlaceOfTheFormerVersionIsUnderstood() throws Exception {
        List<Piece> log = List.of(new Piece(0, START, true), new Piece(0, START, true), new Piece(0, START, true));
        List<Integer> rest = new ArrayList<>();
        String place = START.getEpochSecond() + " 2 0 0.000000000";
        read(log, LogCursor.at(place, Instant.EPOCH), 9, rest, new ArrayList<>());
        assertThat(rest).containsExactly(2);
    }

    @Test
    void whatIsNoPlaceIsRefused() {
        assertThatThrownBy(() -> LogCursor.at("../x", Instant.EPOCH)).isInstanceOf(ExecutorException.class);
    }
}
