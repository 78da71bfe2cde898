package io.osmia.wire;

import static org.assertj.core.api.Assertions.assertThat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {

    private static final String HEX64 = "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource({
        "alpine, docker.io/library/alpine",
        "alpine:3, docker.io/library/alpine:3",
        "osmia/host, docker.io/osmia/host",
        "docker.io/osmia/host:1, docker.io/osmia/host:1",
        "index.docker.io/alpine, docker.io/library/alpine",
        "localhost/a, localhost/a",
        "registry.example:5000/a/b-c__d.e:v_1.2-x, registry.example:5000/a/b-c__d.e:v_1.2-x",
        "[2001:db8::1]:5000/a, [2001:db8::1]:5000/a",
        "Upper/a, Upper/a",
        "a/b/c, docker.io/a/b/c"
    })
    void namesAreNormalised(String written, String normalised) {
        assertThat(ImageReference.parse(written)).map(ImageReference::toString).contains(normalised);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "/", "Alpine", "a:", "a:b:c", "a@sha256:12", "a b", "-a", "a/", "a//b", "a_-b", "http://a/b",
        "a:-tag", "registry.example/A"
    })
    void whatIsNoReferenceIsRefused(String written) {
        assertThat(ImageReference.parse(written)).isEmpty();
    }

    @Test
    void anImageIdIsNoReference() {
        assertThat(ImageReference.parse(HEX64)).isEmpty();
        assertThat(ImageReference.parse("a/" + HEX64)).isPresent();
    }

    @Test
    void tagAndDigestAreToldApart() {
        ImageReference reference = ImageReference.parse("osmia/host:1.0@sha256:" + HEX64).orElseThrow();
        assertThat(reference.repository()).isEqualTo("docker.io/osmia/host");
        assertThat(reference.tag()).isEqualTo("1.0");
        assertThat(reference.digest()).isEqualTo("sha256:" + HEX64);
        assertThat(ImageReference.parse(reference.toString())).contains(reference);
    }

    @Test
    void endlessTextIsRefusedAtOnce() {
        assertThat(ImageReference.parse("a.".repeat(2_000_000))).isEmpty();
        assertThat(ImageReference.parse("a-".repeat(400) + "!")).isEmpty();
    }

    @Test
    void aRepositoryHasAtMost255Characters() {
        String path = "a".repeat(255 - "x.io/".length());
        assertThat(ImageReference.parse("x.io/" + path)).isPresent();
        assertThat(ImageReference.parse("x.io/" + path + "a")).isEmpty();
    }
}
