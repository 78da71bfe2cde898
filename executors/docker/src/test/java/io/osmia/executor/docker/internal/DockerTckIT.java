package io.osmia.executor.docker.internal;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.Workload;
import io.osmia.engines.PrivateDocker;
import io.osmia.tck.ExecutorTck;
import io.osmia.tck.Feature;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The suite of all executors, with a real engine. */
class DockerTckIT extends ExecutorTck {

    private static PrivateDocker engine;

    @BeforeAll
    static void startEngine() throws Exception {
        engine = PrivateDocker.start();
    }

    @AfterAll
    static void stopEngine() throws Exception {
        if (engine != null) {
            engine.close();
        }
    }

    @Override
    protected Executor open(String nodeId) {
        return new DockerExecutor(
                Settings.of(engine.host()).bounded(Duration.ofSeconds(10), Duration.ofSeconds(60)), "1.0.0");
    }

    @Override
    protected Workload workload(List<String> command) {
        return Workload.builder(PrivateDocker.IMAGE).command(command).build();
    }

    @Override
    protected Map<Feature, String> leftOut() {
        return Map.of(Feature.FORMER_HANDLES, "version 1 is the first");
    }

    @Override
    protected void takeBackendAway() throws Exception {
        engine.kill();
    }

    @Override
    protected void bringBackendBack() throws Exception {
        engine.run();
    }

    @Override
    protected void hangBackend() throws Exception {
        engine.hold();
    }

    @Override
    protected void resumeBackend() throws Exception {
        engine.release();
    }

    /** A hundred take a minute: {@code -Dosmia.tck.many=100}. */
    @Override
    protected int many() {
        return Integer.getInteger("osmia.tck.many", 20);
    }
}
