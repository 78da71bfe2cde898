package io.osmia.ca.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.ca.CaException;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rule 7.12.5. */
@DisplayName("MGR-006")
class KekTest {

    private static final Optional<byte[]> ONE = Optional.of(new byte[32]);
    private static final Optional<byte[]> OTHER = Optional.of(new byte[] {
        1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8
    });

    private final Kek present = new Kek(ONE, 5);

    @Test
    void anOlderVersionChangesNothing() {
        assertThat(present.follow(OTHER, 4)).isSameAs(present);
        assertThat(present.follow(Optional.empty(), 4)).isSameAs(present);
    }

    @Test
    void theSameKeyChangesNothingWhateverItsVersion() {
        assertThat(present.follow(Optional.of(new byte[32]), 5)).isSameAs(present);
        assertThat(present.follow(Optional.of(new byte[32]), 6)).isSameAs(present);
    }

    @Test
    void anotherKeyWithTheSameVersionIsAnError() {
        assertThatThrownBy(() -> present.follow(OTHER, 5))
                .isInstanceOf(CaException.class)
                .hasMessageContaining("version 5");
        assertThatThrownBy(() -> present.follow(Optional.empty(), 5)).isInstanceOf(CaException.class);
    }

    @Test
    void aNewerVersionCounts() {
        assertThat(present.follow(OTHER, 6)).isEqualTo(new Kek(OTHER, 6));
        assertThat(present.follow(Optional.empty(), 6)).isEqualTo(new Kek(Optional.empty(), 6));
        assertThat(Kek.NONE.follow(ONE, 1)).isEqualTo(new Kek(ONE, 1));
    }

    @Test
    void aKeyOfAnotherLengthIsNone() {
        assertThatThrownBy(() -> Kek.NONE.follow(Optional.of(new byte[16]), 1))
                .isInstanceOf(CaException.class)
                .hasMessageContaining("16");
    }
}
