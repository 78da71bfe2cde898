package io.osmia.api.executor;

import static org.assertj.core.api.Assertions.assertThat;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadTest {

    @Test
    void itsTextHasNoSecrets() {
        Workload workload = Workload.builder("busybox")
                .command(List.of("sleep"))
                .registryAuth("c2VjcmV0")
                .env(List.of("PASSWORD=secret"))
                .build();
        assertThat(workload).asString().contains("busybox", "sleep").doesNotContain("c2VjcmV0", "PASSWORD");
    }
}
