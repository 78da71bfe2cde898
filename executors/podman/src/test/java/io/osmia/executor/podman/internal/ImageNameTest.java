package io.osmia.executor.podman.internal;

import static org.assertj.core.api.Assertions.assertThat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {

    private static final String DIGEST = "@sha256:" + "5f".repeat(32);

    @ParameterizedTest
    @CsvSource({
        "busybox, docker.io/library/busybox:latest",
        "busybox:1, docker.io/library/busybox:1",
        "me/app, docker.io/me/app:latest",
        "localhost/app:1, localhost/app:1",
        "registry.org/a/b:2, registry.org/a/b:2",
        "localhost:5000/a, localhost:5000/a:latest"
    })
    void aNameIsReadAsDockerReadsIt(String reference, String full) {
        assertThat(ImageName.isValid(reference)).isTrue();
        assertThat(ImageName.of(reference).full()).isEqualTo(full);
    }

    @Test
    void aDigestTakesThePlaceOfTheTag() {
        assertThat(ImageName.of("busybox:1" + DIGEST).full()).isEqualTo("docker.io/library/busybox" + DIGEST);
    }

    @Test
    void whatIsBuiltHereIsFoundUnderItsShortName() {
        assertThat(ImageName.of("app:1").local()).containsExactly("docker.io/library/app:1", "localhost/app:1");
        assertThat(ImageName.of("me/app:1").local()).containsExactly("docker.io/me/app:1", "localhost/me/app:1");
        assertThat(ImageName.of("r.org/app:1").local()).containsExactly("r.org/app:1");
        assertThat(ImageName.of("localhost/app").canBePulled()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "../x", "a//b", "a?b", "a%2e", "-x", "a:b c", "x\ny"})
    void whatIsNoNameIsNone(String reference) {
        assertThat(ImageName.isValid(reference)).isFalse();
    }
}
