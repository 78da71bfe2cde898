package io.osmia.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules 7.12.3 and 12.2.3. */
class UnlockKeyTest {

    private static final String VECTOR = "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    @Test
    void theTestVectorIsReadAndWritten() {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        assertThat(UnlockKey.format(key)).isEqualTo(VECTOR);
        assertThat(UnlockKey.parse(VECTOR)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SWMKEY-1-", "SWMKEY-2-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", VECTOR + "=", VECTOR + "AA", "SWMKEY-1-AAEC",
        "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh_"})
    void anythingElseIsNoKey(String text) {
        assertThatThrownBy(() -> UnlockKey.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("invalid key string");
    }
}
