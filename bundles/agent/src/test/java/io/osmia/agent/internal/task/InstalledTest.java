package io.osmia.agent.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InstalledTest {

    @Test
    void whoIsInterruptedWhileItDescribesItselfDoesNotPutItOutOfUse() {
        Installed installed = new Installed(new DescribedExecutor("docker", true), 1);
        assertThat(installed.describe()).isPresent();
        Thread.currentThread().interrupt();
        // Until the description is too old to be given again.
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(400);
        while (System.nanoTime() < end) {
            assertThat(installed.describe()).isPresent();
            assertThat(installed.trouble()).isEmpty();
        }
        assertThat(Thread.interrupted()).isTrue();
    }
}
