package io.osmia.agent.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff(new SplittableRandom(3));

    @Test // AGT-007, rule 6.11.3
    void theBoundGrowsToEightSeconds() {
        List<Long> bounds = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            backoff.failed();
            bounds.add(backoff.bound().toMillis());
            assertThat(backoff.pick()).isLessThan(backoff.bound());
        }
        assertThat(bounds).containsExactly(100L, 300L, 700L, 1500L, 3100L, 6300L, 8000L, 8000L);
    }

    @Test
    void aRegistrationStartsItAnew() {
        backoff.failed();
        backoff.reset();
        assertThat(backoff.pick()).isEqualTo(Duration.ZERO);
    }
}
