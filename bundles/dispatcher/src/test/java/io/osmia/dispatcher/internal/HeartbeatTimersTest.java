package io.osmia.dispatcher.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("DIS-030 heartbeat timers")
class HeartbeatTimersTest {

    private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");

    private final HeartbeatTimers timers = new HeartbeatTimers();

    @Test
    void beatsKeepATimerSilent() {
        timers.arm("a", T.plusSeconds(5));
        timers.arm("a", T.plusSeconds(9));
        assertThat(timers.expired(T.plusSeconds(8))).isEmpty();
        assertThat(timers.next()).isEqualTo(T.plusSeconds(9));
    }

    @Test
    void aTimerWithoutBeatFiresOnce() {
        timers.arm("a", T.plusSeconds(5));
        assertThat(timers.expired(T.plusSeconds(5))).containsExactly("a");
        assertThat(timers.expired(T.plusSeconds(50))).isEmpty();
        assertThat(timers.next()).isNull();
    }

    @Test
    void aTimerThatFiredCanBeArmedAgain() {
        timers.arm("a", T.plusSeconds(5));
        timers.expired(T.plusSeconds(5));
        timers.arm("a", T.plusSeconds(7));
        assertThat(timers.expired(T.plusSeconds(7))).containsExactly("a");
    }

    @Test
    void theyFireInTheOrderOfTheirTimesThenOfTheirIds() {
        timers.arm("c", T.plusSeconds(1));
        timers.arm("b", T.plusSeconds(2));
        timers.arm("a", T.plusSeconds(2));
        assertThat(timers.expired(T.plusSeconds(2))).containsExactly("c", "a", "b");
    }

    @Test
    void aCancelledTimerDoesNotFire() {
        timers.arm("a", T.plusSeconds(5));
        timers.cancel("a");
        assertThat(timers.expired(T.plusSeconds(5))).isEmpty();
    }

    @Test
    void allOfThemCanBeMovedOn() {
        timers.arm("a", T.plusSeconds(5));
        timers.arm("b", T.plusSeconds(6));
        timers.postpone(Duration.ofSeconds(10));
        assertThat(timers.expired(T.plusSeconds(15))).containsExactly("a");
        assertThat(timers.next()).isEqualTo(T.plusSeconds(16));
    }
}
