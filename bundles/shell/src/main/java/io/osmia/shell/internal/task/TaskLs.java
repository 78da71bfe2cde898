package io.osmia.shell.internal.task;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.ListCommand;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.TaskTable;
import io.osmia.shell.internal.command.Tasks;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "ls", description = "List tasks.")
final class TaskLs extends ListCommand<Task> {

    @Option(names = {"-a", "--all"}, description = "Also tasks that are not meant to run any more.")
    private boolean all;

    TaskLs(Session session) {
        super(session);
    }

    @Override
    protected List<Task> ask() throws NotReachable {
        return session.control().listTasks(ListTasksRequest.getDefaultInstance()).getTasksList().stream()
                .filter(task -> all || Tasks.isWanted(task))
                .sorted(Tasks.BY_SLOT)
                .toList();
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
