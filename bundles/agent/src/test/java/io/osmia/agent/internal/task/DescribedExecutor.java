package io.osmia.agent.internal.task;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskHandle;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says what it is, and nothing else. */
public final class DescribedExecutor implements Executor {

    private volatile ExecutorDescription description;

    public DescribedExecutor(ExecutorDescription description) {
        this.description = description;
    }

    DescribedExecutor(String kind, boolean available) {
        this(description(kind, available));
    }

    static ExecutorDescription description(String kind, boolean available) {
        boolean process = kind.equals("process");
        boolean engine = kind.equals("docker") || kind.equals("podman");
        return new ExecutorDescription(
                kind,
                "1.0.0",
                available,
                available ? "" : "it is away",
                process ? Set.of("docker.io/osmia/host") : engine ? Set.of("*") : Set.of(),
                Set.of(kind),
                Set.of(),
                Set.of(1),
                Map.of(),
                "",
                List.of());
    }

    /** What it says from now on. */
    void describes(ExecutorDescription now) {
        description = now;
    }

    @Override
    public ExecutorDescription describe() {
        return description;
    }

    @Override
    public TaskHandle handle(ExecutorTask task, String specDigest) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TaskController controller(ExecutorTask task, TaskHandle handle) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Recovery recover(TaskHandle handle) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<TaskHandle> list(String nodeId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void detach() {
        // holds nothing
    }
}
