package io.osmia.agent.internal;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.osmia.agent.internal.logs.TaskLogsService;
import io.osmia.agent.internal.task.Executors;
import io.osmia.roles.WorkerRole;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Serves {@code osmia.v1.TaskLogs} for the tasks of this node. */
@Component(service = BindableService.class)
public final class TaskLogsComponent implements BindableService {

    private final TaskLogsService service;

    @Activate
    public TaskLogsComponent(
            @Reference WorkerRole role, @Reference AgentComponent agent, @Reference Executors executors) {
        service = new TaskLogsService(role.nodeId(), agent.agent().worker(), executors);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return service.bindService();
    }

    @Deactivate
    void stop() {
        service.close();
    }
}
