package io.osmia.control.internal.calls;

import io.osmia.orchestrator.DirtyCheck;
import io.osmia.scheduler.PlacementRules;
import io.osmia.store.By;
import io.osmia.store.Names;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.GetTaskRequest;
import io.osmia.wire.swarmkit.GetTaskResponse;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.ListTasksResponse;
import io.osmia.wire.swarmkit.RemoveTaskRequest;
import io.osmia.wire.swarmkit.RemoveTaskResponse;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;

/** Calls about tasks (rules 1.3 and 1.9.1). */
public final class TaskCalls {

    private final StoreAccess store;
    private final DirtyCheck dirt;

    public TaskCalls(StoreAccess store, PlacementRules placement) {
        this.store = store;
        dirt = new DirtyCheck((wanted, node) -> placement.check(wanted, node) != PlacementRules.Match.NO);
    }

    public GetTaskResponse get(GetTaskRequest request) {
        return GetTaskResponse.newBuilder()
                .setTask(StoreAccess.existing(store.view(), Table.TASKS, request.getTaskId()))
                .build();
    }

    public ListTasksResponse list(ListTasksRequest request) {
        View view = store.view();
        ListTasksRequest.Filters filters = request.getFilters();
        List<TaskState> states = filters.getDesiredStatesList();
        Selection<Task> selection = new Selection<>(Table.TASKS, Names::taskName)
                .names(filters.getNamesList())
                .namePrefixes(filters.getNamePrefixesList())
                .idPrefixes(filters.getIdPrefixesList())
                .filter(
                        filters.getServiceIdsList(),
                        By::service,
                        task -> filters.getServiceIdsList().contains(task.getServiceId()))
                .filter(
                        filters.getRuntimesList(),
                        By.Runtime::new,
                        task -> filters.getRuntimesList().contains(Names.runtime(task.getSpec()).orElse("")))
                .filter(
                        filters.getNodeIdsList(),
                        By::node,
                        task -> filters.getNodeIdsList().contains(task.getNodeId()))
                .filter(states, TaskCalls::desired, task -> states.contains(task.getDesiredState()))
                .labels(
                        filters.getLabelsMap(),
                        task -> task.getServiceAnnotations().getLabelsMap());
        if (filters.getUpToDate()) {
            selection.and(task -> isUpToDate(view, task));
        }
        return ListTasksResponse.newBuilder()
                .addAllTasks(selection.from(view))
                .build();
    }

    private static By desired(TaskState state) {
        return state == TaskState.UNRECOGNIZED ? Selection.NOTHING : By.desired(state);
    }

    /** Rule 1.3.9. */
    private boolean isUpToDate(View view, Task task) {
        Service service = view.get(Table.SERVICES, task.getServiceId());
        return service != null && !dirt.dirty(service, task, view.get(Table.NODES, task.getNodeId()));
    }

    /** Rule 1.9.1: gone at once; the orchestrator makes another one if it is still wanted. */
    public RemoveTaskResponse remove(RemoveTaskRequest request) {
        store.write(tx -> {
            Task stored = StoreAccess.existing(tx, Table.TASKS, request.getTaskId());
            tx.delete(Table.TASKS, stored.getId());
            return stored;
        });
        return RemoveTaskResponse.getDefaultInstance();
    }
}
