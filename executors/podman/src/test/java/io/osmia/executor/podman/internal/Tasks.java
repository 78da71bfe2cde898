package io.osmia.executor.podman.internal;

import io.osmia.api.executor.Driver;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.TaskResources;
import io.osmia.api.executor.Workload;
import io.osmia.engines.PrivatePodman;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Tasks for tests. */
final class Tasks {

    static final String NODE = "node1";

    private Tasks() {}

    static ExecutorTask of(Workload.Builder workload) {
        String id = "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 24);
        return new ExecutorTask(
                id, "web.1." + id, "s1", "web", NODE, 1, Map.of("from", "task"), Map.of(), workload.build(),
                TaskResources.NONE, List.of(), Driver.NONE);
    }

    static Workload.Builder shell(String text) {
        return Workload.builder(PrivatePodman.IMAGE)
                .command(List.of("sh", "-c", text))
                .stopGracePeriod(Duration.ofSeconds(1));
    }
}
