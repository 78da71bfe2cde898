package io.osmia.executor.podman.internal;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.Workload;
import io.osmia.engines.PrivatePodman;
import io.osmia.tck.ExecutorTck;
import io.osmia.tck.Feature;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.jspecify.annotations.Nullable;

/** What every executor has to pass, on a real Podman. */
class PodmanTckIT extends ExecutorTck {

    private static @Nullable PrivatePodman podman;

    @BeforeAll
    static void startPodman() throws Exception {
        podman = PrivatePodman.start();
    }

    @AfterAll
    static void stopPodman() throws Exception {
        if (podman != null) {
            podman.close();
        }
    }

    @Override
    protected Executor open(String nodeId) {
        return new PodmanExecutor(podman.socket(), "", "1.0.0");
    }

    @Override
    protected Workload workload(List<String> command) {
        return Workload.builder(PrivatePodman.IMAGE).command(command).build();
    }

    @Override
    protected Map<Feature, String> leftOut() {
        return Map.of(Feature.FORMER_HANDLES, "its handles have one version so far");
    }

    @Override
    protected void takeBackendAway() throws Exception {
        podman.kill();
    }

    @Override
    protected void bringBackendBack() throws Exception {
        podman.run();
    }

    @Override
    protected void hangBackend() throws Exception {
        podman.hold();
    }

    @Override
    protected void resumeBackend() throws Exception {
        podman.release();
    }

    /** OkHttp's idle threads end after a minute. */
    @Override
    protected Duration patience() {
        return Duration.ofSeconds(90);
    }

    /** A hundred take a minute: {@code -Dosmia.tck.many=100}. */
    @Override
    protected int many() {
        return Integer.getInteger("osmia.tck.many", 20);
    }
}
