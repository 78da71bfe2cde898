package io.osmia.executor.docker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.executor.ExecutorException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Places in the output of a container. */
class PositionTest {

    private record Message(boolean stderr, Instant at) {}

    /** Times of each stream grow, and many are the same; the streams are not ordered between them. */
    private static List<Message> messages(List<Integer> steps) {
        List<Message> messages = new ArrayList<>();
        Instant[] times = {Instant.ofEpochSecond(1_700_000_000), Instant.ofEpochSecond(1_700_000_000, 5)};
        for (int step : steps) {
            int stream = step & 1;
            times[stream] = times[stream].plusNanos(step / 4);
            messages.add(new Message(stream == 1, times[stream]));
        }
        return messages;
    }

    @Property
    void goingOnFromAnyPlaceGivesTheRest(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 11) Integer> steps,
            @ForAll @IntRange(min = 0, max = 59) int place)
            throws ExecutorException {
        List<Message> all = messages(steps);
        int until = Math.min(place, all.size() - 1);
        Position first = Position.beginning();
        for (int i = 0; i <= until; i++) {
            assertThat(first.passes(all.get(i).stderr(), all.get(i).at())).isTrue();
        }
        Position next = Position.parse(first.toString());
        next.rewind();
        List<Message> rest = all.stream()
                .filter(message -> !message.at().isBefore(next.since()))
                .filter(message -> next.passes(message.stderr(), message.at()))
                .toList();
        assertThat(rest).isEqualTo(all.subList(until + 1, all.size()));
        assertThat(first.toString()).hasSizeLessThan(256);
    }

    @Test
    void aClockThatIsSetBackLosesNothingWhileReading() {
        Position position = Position.beginning();
        assertThat(position.passes(false, Instant.ofEpochSecond(100))).isTrue();
        assertThat(position.passes(false, Instant.ofEpochSecond(50))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "o1.0x1e1.0x1", "o1.000000000x1", "&tail=1"})
    void whatIsNoPlaceIsRefused(String text) {
        assertThatThrownBy(() -> Position.parse(text))
                .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isFalse());
    }

    @Test
    void messagesBeginWithTheirTime() {
        byte[] data = "2026-01-02T03:04:05.000000006Z a line \n".getBytes(StandardCharsets.UTF_8);
        LogStream.Message message = LogStream.message(new Frames.Frame(true, data));
        assertThat(message.at()).isEqualTo(Instant.parse("2026-01-02T03:04:05.000000006Z"));
        assertThat(message.line()).asString(StandardCharsets.UTF_8).isEqualTo("a line ");
        byte[] empty = "2026-01-02T03:04:05.000000006Z \n".getBytes(StandardCharsets.UTF_8);
        assertThat(LogStream.message(new Frames.Frame(false, empty)).line()).isEmpty();
    }
}
