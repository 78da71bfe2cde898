package io.osmia.plugins.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignaturePolicyTest {

    @TempDir
    Path stateDir;

    /** Whoever may put a jar into the folder could take it away. */
    @Test
    void whatTheClusterSaidIsNotRememberedAmongThePlugins() throws Exception {
        Path memory = SignaturePolicy.memory(stateDir);
        assertThat(new SignaturePolicy(false, () -> Optional.of(() -> true), memory).signed()).isTrue();
        assertThat(Files.exists(stateDir.resolve("plugins"))).isFalse();
        assertThat(new SignaturePolicy(false, Optional::empty, memory).signed()).isTrue();
    }
}
