package io.osmia.orchestrator;

import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Placement;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.TaskState;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Whether a task still is what its service asks for (rule 3.5). Also answers {@code ListTasks.up_to_date} (rule 1.3.9). */
public final class DirtyCheck {

    private final BiPredicate<Placement, Node> placement;

    /** @param placement whether a node satisfies the constraints of a placement (rule 3.10) */
    public DirtyCheck(BiPredicate<Placement, Node> placement) {
        this.placement = placement;
    }

    /**
     * Whether the task must be replaced.
     *
     * @param node the task's node; null when it has none or the node is gone
     */
    public boolean dirty(Service service, Task task, @Nullable Node node) {
        if (service.hasSpecVersion()
                && task.hasSpecVersion()
                && service.getSpecVersion().equals(task.getSpecVersion())) {
            return false;
        }
        TaskSpec wanted = service.getSpec().getTask();
        TaskSpec actual = task.getSpec();
        if (onlyPlacementMoved(wanted, actual) && node != null && placement.test(wanted.getPlacement(), node)) {
            return false;
        }
        if (pulled(task)) {
            wanted = withoutPullOptions(wanted);
            actual = withoutPullOptions(actual);
        }
        return !wanted.equals(actual) || endpointMoved(service, task);
    }

    private static boolean onlyPlacementMoved(TaskSpec wanted, TaskSpec actual) {
        return !wanted.getPlacement().equals(actual.getPlacement())
                && wanted.toBuilder()
                        .clearPlacement()
                        .build()
                        .equals(actual.toBuilder().clearPlacement().build());
    }

    /** Its image is there already: how to pull it no longer matters. */
    private static boolean pulled(Task task) {
        int observed = task.getStatus().getState().getNumber();
        return task.getSpec().hasContainer()
                && task.getDesiredState().getNumber() <= TaskState.RUNNING_VALUE
                && observed >= TaskState.READY_VALUE
                && observed <= TaskState.RUNNING_VALUE;
    }

    private static TaskSpec withoutPullOptions(TaskSpec spec) {
        if (!spec.hasContainer() || !spec.getContainer().hasPullOptions()) {
            return spec;
        }
        ContainerSpec container =
                spec.getContainer().toBuilder().clearPullOptions().build();
        return spec.toBuilder().setContainer(container).build();
    }

    /** An absent endpoint spec and an empty one ask for the same. */
    private static boolean endpointMoved(Service service, Task task) {
        return task.hasEndpoint()
                && !task.getEndpoint().getSpec().equals(service.getSpec().getEndpoint());
    }
}
