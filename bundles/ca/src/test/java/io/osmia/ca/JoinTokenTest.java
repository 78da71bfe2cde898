package io.osmia.ca;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 7.4 with the vectors of 12.2.1. */
class JoinTokenTest {

    private static final String DIGEST = "4nb7oofka9ml8nasnokxxc1unhmtpr1wxsuwhpd9km3vt5as31";
    private static final String SECRET = "000avh9he7dy896m08s18udxr";
    private static final String HEX = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static byte[] secret() {
        byte[] secret = new byte[16];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) i;
        }
        return secret;
    }

    @Test
    void bindsTheBytesOfTheRootBundle() {
        JoinToken token = JoinToken.of("abc".getBytes(US_ASCII), secret());

        assertThat(token).hasToString("SWMTKN-1-" + DIGEST + "-" + SECRET);
        assertThat(token.toString()).hasSize(85);
        assertThat(token.mandatoryFips()).hasToString("SWMTKN-2-1-" + DIGEST + "-" + SECRET);
    }

    @Test
    void leadingZeroesOfTheDigestStay() {
        String hex = "00000000" + HEX.substring(8);
        String digits = "0000001t16c4fz5r1pf847c0e29s1io4n2zx82s7u8n403lcj1";

        assertThat(new JoinToken(1, false, hex, SECRET)).hasToString("SWMTKN-1-" + digits + "-" + SECRET);
        assertThat(JoinToken.parse("SWMTKN-1-" + digits + "-" + SECRET).rootDigest())
                .isEqualTo(hex);
    }

    @Test
    void whatIsWrittenCanBeReadBack() {
        JoinToken token = JoinToken.of("abc".getBytes(US_ASCII), secret());

        assertThat(JoinToken.parse(token.toString())).isEqualTo(token);
        assertThat(token.rootDigest()).isEqualTo(HEX);
        assertThat(JoinToken.parse(token.mandatoryFips().toString())).isEqualTo(token.mandatoryFips());
    }

    @Test
    void aForeignCharacterInTheDigestLeadsToADigestOfNoRoot() {
        JoinToken token = JoinToken.parse("SWMTKN-1-" + "!".repeat(50) + "-" + SECRET);

        assertThat(token.rootDigest()).isEqualTo("0".repeat(64));
    }

    @DisplayName("CA-026")
    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "SWMTKN",
        "SWMTKN-1",
        "SWMTKN-1-" + DIGEST,
        "SWMTKN-1-" + DIGEST + "-" + SECRET + "-x",
        "SWMTKN-1-" + DIGEST + "-" + SECRET + "0",
        "SWMTKN-1-" + DIGEST + "0-" + SECRET,
        "SWMTKN-3-" + DIGEST + "-" + SECRET,
        "swmtkn-1-" + DIGEST + "-" + SECRET,
        "SWMTKN-2-" + DIGEST + "-" + SECRET,
        "SWMTKN-2-2-" + DIGEST + "-" + SECRET
    })
    void anythingElseIsNoToken(String text) {
        assertThatThrownBy(() -> JoinToken.parse(text)).isInstanceOf(CaException.class)
                .hasMessage("invalid join token");
    }
}
