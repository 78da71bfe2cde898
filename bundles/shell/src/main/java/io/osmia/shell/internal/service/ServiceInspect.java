package io.osmia.shell.internal.service;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.OutputOptions;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.shell.internal.command.TaskTable;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "inspect", description = "Show all about a service.")
final class ServiceInspect extends SessionCommand {

    @Parameters(paramLabel = "SERVICE", description = "Name, id or the start of an id.")
    private String service = "";

    @Option(names = {"-a", "--all"}, description = "Also tasks that are not meant to run any more.")
    private boolean all;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    ServiceInspect(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        Service found = new Lookup(session).service(service);
        if (output.printedJson(session.out(), found)) {
            return;
        }
        ListTasksRequest ofService = ListTasksRequest.newBuilder()
                .setFilters(ListTasksRequest.Filters.newBuilder().addServiceIds(found.getId()))
                .build();
        String replicas = RunningCounts.ask(session, ofService).replicas(found);
        ServiceSummary.of(found, replicas, session.now()).print(session.out());
        session.out().println();
        new TaskTable(session).printDetailed(ServiceTasks.of(session, found.getId(), all));
    }
}
