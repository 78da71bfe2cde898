package io.osmia.control.internal.calls;

import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.ListServiceStatusesResponse.ServiceStatus;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;

/** Counts the tasks of services in one state of the store (rule 1.4.21). */
final class ServiceStatuses {

    private final View view;

    ServiceStatuses(View view) {
        this.view = view;
    }

    /** A service that does not exist has an entry too. */
    ServiceStatus of(String serviceId) {
        ServiceStatus.Builder status = ServiceStatus.newBuilder().setServiceId(serviceId);
        Service service = view.get(Table.SERVICES, serviceId);
        return service == null ? status.build() : counted(status, service);
    }

    private ServiceStatus counted(ServiceStatus.Builder status, Service service) {
        boolean job = service.getSpec().hasReplicatedJob() || service.getSpec().hasGlobalJob();
        List<Task> tasks = view.find(Table.TASKS, By.service(service.getId())).stream()
                .filter(task -> !job || isCurrent(task, service))
                .toList();
        if (job) {
            status.setCompletedTasks(observed(tasks, TaskState.COMPLETE));
        }
        return status.setDesiredTasks(desired(service, tasks))
                .setRunningTasks(observed(tasks, TaskState.RUNNING))
                .build();
    }

    private static long desired(Service service, List<Task> tasks) {
        return switch (service.getSpec().getModeCase()) {
            case REPLICATED -> service.getSpec().getReplicated().getReplicas();
            case REPLICATED_JOB -> service.getSpec().getReplicatedJob().getMaxConcurrent();
            case GLOBAL, GLOBAL_JOB -> tasks.stream().filter(ServiceStatuses::isWanted).count();
            case MODE_NOT_SET -> 0;
        };
    }

    private static boolean isWanted(Task task) {
        return task.getDesiredState() == TaskState.RUNNING
                || (task.getDesiredState() == TaskState.COMPLETE
                        && task.getStatus().getState() != TaskState.COMPLETE);
    }

    private static long observed(List<Task> tasks, TaskState state) {
        return tasks.stream().filter(task -> task.getStatus().getState() == state).count();
    }

    private static boolean isCurrent(Task task, Service service) {
        return task.getJobIteration().getIndex() == service.getJobStatus().getJobIteration().getIndex();
    }
}
