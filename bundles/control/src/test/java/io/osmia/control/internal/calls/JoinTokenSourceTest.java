package io.osmia.control.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("rules 7.4.1 and 12.2.1")
class JoinTokenSourceTest {

    private static final String DIGEST = "4nb7oofka9ml8nasnokxxc1unhmtpr1wxsuwhpd9km3vt5as31";

    @Test
    void theSecretIsTheLastPartInBase36() {
        JoinTokenSource tokens = new JoinTokenSource(new Counting());
        assertThat(tokens.successor("SWMTKN-1-" + DIGEST + "-former"))
                .isEqualTo("SWMTKN-1-" + DIGEST + "-000avh9he7dy896m08s18udxr");
    }

    @Test
    void theLargestSecretFits() {
        JoinTokenSource tokens = new JoinTokenSource(new Ones());
        assertThat(tokens.successor("SWMTKN-2-1-" + DIGEST + "-former")).hasSize(87);
    }

    private static final class Counting implements RandomGenerator {
        @Override
        public long nextLong() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) i;
            }
        }
    }

    private static final class Ones implements RandomGenerator {
        @Override
        public long nextLong() {
            return -1;
        }
    }
}
