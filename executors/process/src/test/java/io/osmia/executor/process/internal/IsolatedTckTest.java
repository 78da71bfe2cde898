package io.osmia.executor.process.internal;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.Workload;
import io.osmia.tck.ExecutorTck;
import io.osmia.tck.Feature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Isolated processes keep the contract of executors. */
class IsolatedTckTest extends ExecutorTck {

    @TempDir
    Path machine;

    @BeforeAll
    static void needsRuncAndConmon() {
        Isolating.required();
    }

    @Override
    protected Executor open(String nodeId) throws IOException {
        return new ProcessExecutor(
                Settings.DEFAULT.in(Settings.Mode.ISOLATED), "1.0.0", machine.resolve(nodeId), List.of());
    }

    @Override
    protected Workload workload(List<String> command) {
        return Workload.builder("docker.io/osmia/host:latest").command(command).build();
    }

    @Override
    protected Map<Feature, String> leftOut() {
        Map<Feature, String> reasons = new EnumMap<>(Map.of(
                Feature.PORTS, "an isolated process has the network of its machine",
                Feature.FORMER_HANDLES, "version 1 is the first",
                Feature.BACKEND_AWAY, "its machine does not go away without it"));
        if (!Boolean.getBoolean("osmia.tck.all")) {
            reasons.put(Feature.HEALTH, "the checks of plain processes, which take long; -Dosmia.tck.all=true");
        }
        return reasons;
    }

    /** A hundred take half a minute: {@code -Dosmia.tck.many=100}. */
    @Override
    protected int many() {
        return Integer.getInteger("osmia.tck.many", 20);
    }
}
