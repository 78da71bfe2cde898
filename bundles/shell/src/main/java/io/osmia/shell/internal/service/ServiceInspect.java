package io.osmia.shell.internal.service;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.InspectCommand;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.TaskTable;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "inspect", description = "Show all about a service.")
final class ServiceInspect extends InspectCommand<Service> {

    @Parameters(paramLabel = "SERVICE", description = "Name, id or the start of an id.")
    private String service = "";

    @Option(names = {"-a", "--all"}, description = "Also tasks that are not meant to run any more.")
    private boolean all;

    ServiceInspect(Session session) {
        super(session);
    }

    @Override
    protected Service find() throws NotReachable {
        return new Lookup(session).service(service);
    }

    @Override
    protected void print(Service found) throws NotReachable {
        ListTasksRequest ofService = ListTasksRequest.newBuilder()
                .setFilters(ListTasksRequest.Filters.newBuilder().addServiceIds(found.getId()))
                .build();
        String replicas = RunningCounts.ask(session, ofService).replicas(found);
        ServiceSummary.of(found, replicas, session.now()).print(session.out());
        session.out().println();
        new TaskTable(session).printDetailed(ServiceTasks.of(session, found.getId(), all));
    }
}
