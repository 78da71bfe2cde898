package io.osmia.shell.internal.service;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.OutputOptions;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.shell.internal.command.TaskTable;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "ps", description = "List the tasks of a service.")
final class ServicePs extends SessionCommand {

    @Parameters(paramLabel = "SERVICE", description = "Name, id or the start of an id.")
    private String service = "";

    @Option(names = {"-a", "--all"}, description = "Also tasks that are not meant to run any more.")
    private boolean all;

    @Option(names = {"-q", "--quiet"}, description = "Only ids.")
    private boolean quiet;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    ServicePs(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        Service found = new Lookup(session).service(service);
        List<Task> tasks = ServiceTasks.of(session, found.getId(), all);
        if (quiet) {
            tasks.forEach(task -> session.out().println(task.getId()));
        } else if (!output.printedJson(session.out(), tasks)) {
            new TaskTable(session).print(tasks);
        }
    }
}
