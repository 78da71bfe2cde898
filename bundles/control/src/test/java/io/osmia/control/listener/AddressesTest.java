package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

    private static final InetSocketAddress ALL = new InetSocketAddress("0.0.0.0", 4242);
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress("127.0.0.1", 4242);

    @ParameterizedTest
    @CsvSource({"127.0.0.1:4242,127.0.0.1:4242", "0.0.0.0:0,0.0.0.0:0", "[::1]:7,[0:0:0:0:0:0:0:1]:7"})
    void hostAndPortAreReadAndWritten(String text, String again) throws Exception {
        assertThat(Addresses.format(Addresses.parse(text))).isEqualTo(again);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4242", "host", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", ""})
    void anythingElseSaysWhatIsWanted(String text) {
        assertThatThrownBy(() -> Addresses.parse(text))
                .isInstanceOf(BindFailure.class)
                .hasMessageContaining("must be HOST:PORT, not " + text)
                .hasMessageContaining("--listen-remote-api");
    }

    @Test
    void aNodeReachesItselfOnLoopbackWhenItListensEverywhere() {
        assertThat(Addresses.self(ALL)).isEqualTo("127.0.0.1:4242");
        assertThat(Addresses.self(new InetSocketAddress("127.0.0.2", 1))).isEqualTo("127.0.0.2:1");
    }

    @Test
    void othersAreToldWhatIsConfiguredElseWhatIsBound() throws Exception {
        assertThat(Addresses.advertised("10.0.0.1:9", ALL)).isEqualTo("10.0.0.1:9");
        assertThat(Addresses.advertised("10.0.0.1:0", ALL)).isEqualTo("10.0.0.1:4242");
        assertThat(Addresses.advertised("10.0.0.1", ALL)).isEqualTo("10.0.0.1:4242");
        assertThat(Addresses.advertised("[::1]", ALL)).isEqualTo("[::1]:4242");
        assertThat(Addresses.advertised("", LOOPBACK)).isEqualTo("127.0.0.1:4242");
        assertThat(Addresses.advertised("", ALL)).endsWith(":4242").doesNotStartWith("0.0.0.0");
    }
}
