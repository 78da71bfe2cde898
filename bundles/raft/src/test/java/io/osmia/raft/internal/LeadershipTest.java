package io.osmia.raft.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class LeadershipTest {

    private final Leadership leadership = new Leadership();

    @Test
    void aTermIsLedOnce() {
        assertThat(leadership.begin(3)).isTrue();
        assertThat(leadership.begin(3)).as("while it is led").isFalse();
        leadership.end();
        assertThat(leadership.begin(3)).as("after it was lost").isFalse();
        assertThat(leadership.leads()).isFalse();
        assertThat(leadership.begin(4)).isTrue();
        assertThat(leadership.term()).isEqualTo(4);
    }

    @Test
    void whoWaitsForItWaitsForABoundedTime() throws Exception {
        assertThatThrownBy(() -> leadership.await(0)).isInstanceOf(TimeoutException.class);
        Thread.ofVirtual().start(() -> leadership.begin(1));
        leadership.await(20);
        assertThat(leadership.leads()).isTrue();
    }
}
