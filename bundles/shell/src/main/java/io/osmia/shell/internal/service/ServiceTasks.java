package io.osmia.shell.internal.service;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.Tasks;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.Task;
import java.util.List;

/** The tasks of a service in the order in which they are shown. */
public final class ServiceTasks {

    private ServiceTasks() {}

    /** {@code all}: also those that are not meant to run any more. */
    public static List<Task> of(Session session, String serviceId, boolean all) throws NotReachable {
        ListTasksRequest request = ListTasksRequest.newBuilder()
                .setFilters(ListTasksRequest.Filters.newBuilder().addServiceIds(serviceId))
                .build();
        return session.control().listTasks(request).getTasksList().stream()
                .filter(task -> all || Tasks.isWanted(task))
                .sorted(Tasks.BY_SLOT)
                .toList();
    }
}
