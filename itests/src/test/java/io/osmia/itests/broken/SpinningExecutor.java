package io.osmia.itests.broken;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskHandle;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says that it is the process executor, and is busy with nothing whatever it is asked; nobody can interrupt it. */
public final class SpinningExecutor implements Executor {

    /** Longer than the 5 s that a node waits for it, and not much: it takes all of a core from the other nodes meanwhile. */
    private static final long NANOS = 8_000_000_000L;

    private static <T> T spin() {
        long end = System.nanoTime() + NANOS;
        while (end - System.nanoTime() > 0) {
            Thread.onSpinWait();
        }
        throw new IllegalStateException("spun for long enough");
    }

    @Override
    public ExecutorDescription describe() {
        return new ExecutorDescription("process", "9.9.9", true, "", Set.of("docker.io/osmia/host"), Set.of("process"),
                Set.of(), Set.of(1), Map.of(), "", List.of());
    }

    @Override
    public TaskHandle handle(ExecutorTask task, String specDigest) throws ExecutorException {
        return spin();
    }

    @Override
    public TaskController controller(ExecutorTask task, TaskHandle handle) throws ExecutorException {
        return spin();
    }

    @Override
    public Recovery recover(TaskHandle handle) {
        return spin();
    }

    @Override
    public List<TaskHandle> list(String nodeId) throws ExecutorException {
        return spin();
    }

    @Override
    public void detach() {
        // it has no time for that
    }
}
