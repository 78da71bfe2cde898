package io.osmia.control.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.swarmkit.Annotations;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("API-001")
class AnnotationRulesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "A", "0", "web", "Web-1", "a_b", "a--b", "a-_-b", "UPPER"})
    void dnsComponentsPass(String name) {
        assertThat(check(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-a", "a-", "_a", "a_", "a.b", ".", "a b", "a/b", "ä", "a\n"})
    void otherNamesAreRefused(String name) {
        assertThat(check(name)).contains(Refusal.invalid("name must be valid as a DNS name component"));
    }

    @Test
    void aNameIsMandatory() {
        assertThat(check("")).contains(Refusal.invalid("meta: name must be provided"));
    }

    @Test
    void aNameHasAtMost63Characters() {
        assertThat(check("a".repeat(63))).isEmpty();
        assertThat(check("a".repeat(64))).contains(Refusal.invalid("name must be 63 characters or fewer"));
        assertThat(check("-".repeat(64)))
                .contains(Refusal.invalid("name must be valid as a DNS name component"));
    }

    /** A name made to be tried in every way must not keep a thread busy. */
    @Test
    void aLongNameIsJudgedQuickly() {
        assertThat(check("a".repeat(100_000) + "!")).isPresent();
        assertThat(check("a-".repeat(30) + "!")).isPresent();
    }

    private static Optional<Refusal> check(String name) {
        return AnnotationRules.check(Annotations.newBuilder().setName(name).build());
    }
}
