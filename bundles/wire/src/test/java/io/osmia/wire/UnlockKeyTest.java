package io.osmia.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 7.12.3 with the vector of 12.2.3. */
class UnlockKeyTest {

    private static final String TEXT = "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    private static byte[] counting() {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        return key;
    }

    @Test
    void isThePrefixAndUnpaddedBase64() {
        assertThat(UnlockKey.format(counting())).isEqualTo(TEXT);
        assertThat(UnlockKey.parse(TEXT)).isEqualTo(counting());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "SWMKEY-1-", "SWMKEY-2-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh", "SWMKEY-1-?AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> UnlockKey.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("invalid key string");
    }

    @Test
    void aKeyOfAnotherLengthHasNoText() {
        assertThatThrownBy(() -> UnlockKey.format(new byte[16])).isInstanceOf(IllegalArgumentException.class);
    }
}
