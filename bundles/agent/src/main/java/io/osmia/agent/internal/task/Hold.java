package io.osmia.agent.internal.task;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.TaskController;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a runner holds of an executor. Changed by the runner's thread only; others may ask whose it is. */
final class Hold {

    private static final Logger LOG = LoggerFactory.getLogger(Hold.class);

    private final String taskId;
    private final Runnable released;
    private volatile @Nullable Executor executor;
    private volatile @Nullable TaskController controller;

    /** @param released told after something was let go of */
    Hold(String taskId, Runnable released) {
        this.taskId = taskId;
        this.released = released;
    }

    boolean uses(Executor other) {
        return executor == other;
    }

    Optional<Executor> executor() {
        return Optional.ofNullable(executor);
    }

    Optional<TaskController> controller() {
        return Optional.ofNullable(controller);
    }

    /** To be called before the executor is used. */
    void begin(Executor used) {
        executor = used;
    }

    void take(TaskController made) {
        controller = made;
    }

    /** Kills the workload from outside of the runner, which then sees it end. */
    void terminate() {
        TaskController held = controller;
        if (held == null) {
            return;
        }
        try {
            held.terminate();
        } catch (ExecutorException | RuntimeException | LinkageError e) {
            LOG.warn("task {}: cannot be killed: {}", taskId, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets go of everything; the workload is untouched. */
    void release() {
        TaskController former = controller;
        controller = null;
        try {
            if (former != null) {
                former.close();
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("task {}: the executor did not let go of it in order: {}", taskId, e.toString());
        }
        executor = null;
        released.run();
    }
}
