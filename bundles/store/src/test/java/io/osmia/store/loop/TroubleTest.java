package io.osmia.store.loop;

import static org.assertj.core.api.Assertions.assertThat;
import org.junit.jupiter.api.Test;

/** What lasts is said once. */
class TroubleTest {

    private final Trouble trouble = new Trouble();

    @Test
    void aReasonIsSaidOnceAndCounted() {
        assertThat(trouble.begins("no space")).isTrue();
        assertThat(trouble.begins("no space")).isFalse();
        assertThat(trouble.begins("no space")).isFalse();

        assertThat(trouble.ends()).isEqualTo(3);
    }

    @Test
    void anotherReasonIsSaidAgain() {
        trouble.begins("no space");

        assertThat(trouble.begins("no leader")).isTrue();
        assertThat(trouble.begins("no leader")).isFalse();
    }

    @Test
    void whatEndedBeginsAnew() {
        trouble.begins("no space");
        trouble.ends();

        assertThat(trouble.ends()).as("none since").isZero();
        assertThat(trouble.begins("no space")).isTrue();
    }
}
