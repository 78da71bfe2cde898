package io.osmia.executor.process.internal;

import io.osmia.api.ResourceAmounts;
import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.Workload;
import io.osmia.tck.ExecutorTck;
import io.osmia.tck.Feature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Plain processes keep the contract of executors. */
class ProcessTckTest extends ExecutorTck {

    @TempDir
    Path machine;

    @Override
    protected Executor open(String nodeId) throws IOException {
        return new ProcessExecutor(Settings.DEFAULT, "1.0.0", machine.resolve(nodeId), List.of());
    }

    @Override
    protected Workload workload(List<String> command) {
        return Workload.builder("docker.io/osmia/host:latest").command(command).build();
    }

    @Override
    protected Map<Feature, String> leftOut() {
        Map<Feature, String> reasons = new EnumMap<>(Map.of(
                Feature.MOUNTS, "a plain process sees the files of its machine",
                Feature.PORTS, "a plain process opens ports of its machine by itself",
                Feature.OUTPUT_TIMES, "a process writes to a file, which has no times",
                Feature.FORMER_HANDLES, "version 1 is the first",
                Feature.BACKEND_AWAY, "its machine does not go away without it"));
        try {
            Cgroups.detect(Path.of("/sys/fs/cgroup"))
                    .check(new ResourceAmounts(0, 32L << 20, Map.of(), Map.of()), 0);
        } catch (ExecutorException e) {
            reasons.put(Feature.MEMORY_LIMIT, String.valueOf(e.getMessage()));
        }
        return reasons;
    }

    /** A thousand take minutes on a busy machine: {@code -Dosmia.tck.many=1000}. */
    @Override
    protected int many() {
        return Integer.getInteger("osmia.tck.many", 100);
    }
}
