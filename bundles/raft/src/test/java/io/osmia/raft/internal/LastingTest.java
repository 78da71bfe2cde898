package io.osmia.raft.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LastingTest {

    private static final long TOO_LONG = 5;

    private long now;
    private final Lasting lasting = new Lasting(Duration.ofNanos(TOO_LONG), () -> now);

    private boolean lookAt(long time, boolean so) {
        now = time;
        return lasting.look(so);
    }

    @Test
    void whatEndsInTimeIsNotTold() {
        assertThat(lookAt(10, true)).isFalse();
        assertThat(lookAt(14, true)).isFalse();
        assertThat(lookAt(15, false)).isFalse();
        assertThat(lookAt(16, true)).isFalse();
        assertThat(lookAt(20, true)).isFalse();
    }

    @Test
    void whatLastsIsToldOnceInAWhile() {
        assertThat(lookAt(10, true)).isFalse();
        assertThat(lookAt(15, true)).isTrue();
        assertThat(lookAt(19, true)).isFalse();
        assertThat(lookAt(20, true)).isTrue();
    }

    @Test
    void itCountsFromWhereItWasSeenFirst() {
        assertThat(lookAt(10, false)).isFalse();
        assertThat(lookAt(100, true)).isFalse();
    }
}
