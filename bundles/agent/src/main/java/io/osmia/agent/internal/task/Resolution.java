package io.osmia.agent.internal.task;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskHandle;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.Task;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A task's handle and controller, as an executor makes them. */
record Resolution(TaskHandle handle, TaskController controller) {

    /** Users know the process executor by its image. */
    private static final String PROCESS = "process";
    private static final String PROCESS_IMAGE = "osmia/host";

    /**
     * Asks the executor.
     *
     * @param known the handle, when the task has one already
     * @param check whether to look for what the executor cannot do; what was started once is not refused any more
     * @throws ExecutorException when the executor cannot run the task
     */
    static Resolution of(Task task, String nodeId, Executors.Offer offer, @Nullable TaskHandle known, boolean check)
            throws ExecutorException {
        ContainerSpec container = TaskMapping.container(task);
        if (check) {
            Optional<String> field = UnhonouredFields.first(task, container, offer.description().honours());
            if (field.isPresent()) {
                throw new ExecutorException(name(offer) + " does not support " + field.get(), false);
            }
        }
        ExecutorTask mapped = TaskMapping.task(task, container, nodeId);
        TaskHandle handle = known == null ? offer.executor().handle(mapped, TaskMapping.digest(task)) : known;
        return new Resolution(handle, offer.executor().controller(mapped, handle));
    }

    private static String name(Executors.Offer offer) {
        String kind = offer.description().kind();
        return kind.equals(PROCESS) ? PROCESS_IMAGE : kind;
    }
}
