package io.osmia.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:4242", "manager.example:1", "[::1]:7000", ":0", "h:65535"})
    void anAddressIsReadAndWritten(String text) {
        assertThat(HostPort.parse(text)).hasToString(text);
    }

    @Test
    void bracketsAreOfTheTextOnly() {
        assertThat(HostPort.parse("[fd00::2]:4242")).isEqualTo(new HostPort("fd00::2", 4242));
        assertThat(HostPort.parse("h:1").withHost("::1").withPort(2)).hasToString("[::1]:2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h", "h:", "h:x", "h:-1", "h:65536", "4242"})
    void whatIsNoAddressIsRepeated(String text) {
        assertThatThrownBy(() -> HostPort.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not HOST:PORT");
    }
}
