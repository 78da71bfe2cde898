package io.osmia.shell.internal.service;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.ListCommand;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.TaskTable;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "ps", description = "List the tasks of a service.")
final class ServicePs extends ListCommand<Task> {

    @Parameters(paramLabel = "SERVICE", description = "Name, id or the start of an id.")
    private String service = "";

    @Option(names = {"-a", "--all"}, description = "Also tasks that are not meant to run any more.")
    private boolean all;

    ServicePs(Session session) {
        super(session);
    }

    @Override
    protected List<Task> ask() throws NotReachable {
        return ServiceTasks.of(session, new Lookup(session).service(service).getId(), all);
    }

    @Override
    protected String id(Task task) {
        return task.getId();
    }

    @Override
    protected void print(List<Task> tasks) throws NotReachable {
        new TaskTable(session).print(tasks);
    }
}
