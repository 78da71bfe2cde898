package io.osmia.executor.docker.internal;

import io.osmia.api.executor.Driver;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.TaskResources;
import io.osmia.api.executor.Workload;
import io.osmia.engines.PrivateDocker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Tasks for tests. */
final class Tasks {

    static final String NODE = "node00000000000000000test";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Tasks() {}

    /** A task with an id of its own that runs a line of shell. */
    static ExecutorTask shell(String line) {
        return of(Workload.builder(PrivateDocker.IMAGE)
                .command(List.of("sh", "-c", line))
                .stopGracePeriod(Duration.ofSeconds(2))
                .build());
    }

    static ExecutorTask of(Workload workload) {
        String id = String.format("task%021d", NUMBER.incrementAndGet());
        return new ExecutorTask(
                id,
                "web.1." + id,
                "service000000000000000001",
                "web",
                NODE,
                1,
                Map.of(),
                Map.of(),
                workload,
                TaskResources.NONE,
                List.of(),
                Driver.NONE);
    }
}
