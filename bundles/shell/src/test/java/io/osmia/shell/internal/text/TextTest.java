package io.osmia.shell.internal.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading and writing of ages, durations and sizes. */
class TextTest {

    @ParameterizedTest
    @CsvSource({
        "0, just now",
        "1, 1 second ago",
        "59, 59 seconds ago",
        "60, 1 minute ago",
        "119, 1 minute ago",
        "120, 2 minutes ago",
        "3600, 1 hour ago",
        "7200, 2 hours ago",
        "172800, 2 days ago",
        "1209600, 2 weeks ago",
        "5184000, 2 months ago",
        "63072000, 2 years ago",
        "-5, just now"
    })
    void agesAreForPeople(long seconds, String expected) {
        Instant now = Instant.ofEpochSecond(2_000_000_000L);
        Timestamp then =
                Timestamp.newBuilder().setSeconds(now.getEpochSecond() - seconds).build();
        assertThat(Age.of(then, now)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "5s, 5, 0", "1m30s, 90, 0", "1.5h, 5400, 0", "500ms, 0, 500000000", "0, 0, 0", "-2s, -2, 0",
        "1us, 0, 1000", "1h1m1s, 3661, 0", ".5s, 0, 500000000"
    })
    void durationsAreReadAsGoWritesThem(String text, long seconds, int nanos) {
        assertThat(GoDuration.parse(text))
                .isEqualTo(Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "5x", "1.2.3s", "5 s", "-", "99999999999h"})
    void whatIsNoDurationIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> GoDuration.parse(text)).withMessageContaining("duration");
    }

    @Test
    void durationsAreWrittenShort() {
        assertThat(GoDuration.format(Duration.newBuilder().setSeconds(90).build())).isEqualTo("1m30s");
        assertThat(GoDuration.format(Duration.getDefaultInstance())).isEqualTo("0s");
    }

    @ParameterizedTest
    @CsvSource({"512m, 536870912", "1k, 1024", "2GiB, 2147483648", "2gb, 2147483648", "1.5m, 1572864", "7, 7", "7b, 7"})
    void sizesCountIn1024(String text, long bytes) {
        assertThat(Amount.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "5x", "5mm", "5kk", "1e3x", "99999999999p"})
    void whatIsNoSizeIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Amount.bytes(text)).withMessageContaining("size");
    }

    @Test
    void amountsAreWrittenWithAsMuchAsNeeded() {
        assertThat(Amount.size(3L << 29)).isEqualTo("1.5 GiB");
        assertThat(Amount.size(100)).isEqualTo("100 B");
        assertThat(Amount.cores(1_500_000_000L)).isEqualTo("1.5");
        assertThat(Amount.cores(2_000_000_000L)).isEqualTo("2");
    }
}
