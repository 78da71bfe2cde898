package io.osmia.shell.internal.task;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.OutputOptions;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.shell.internal.command.TaskTable;
import io.osmia.shell.internal.command.Tasks;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "ls", description = "List tasks.")
final class TaskLs extends SessionCommand {

    @Option(names = {"-a", "--all"}, description = "Also tasks that are not meant to run any more.")
    private boolean all;

    @Option(names = {"-q", "--quiet"}, description = "Only ids.")
    private boolean quiet;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    TaskLs(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        List<Task> tasks = session.control().listTasks(ListTasksRequest.getDefaultInstance()).getTasksList().stream()
                .filter(task -> all || Tasks.isWanted(task))
                .sorted(Tasks.BY_SLOT)
                .toList();
        if (quiet) {
            tasks.forEach(task -> session.out().println(task.getId()));
        } else if (!output.printedJson(session.out(), tasks)) {
            new TaskTable(session).print(tasks);
        }
    }
}
