package io.osmia.shell.internal.task;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.swarmkit.RemoveTaskRequest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "rm", description = "Remove tasks.")
final class TaskRm extends SessionCommand {

    @Parameters(paramLabel = "TASK", arity = "1..*", description = "Ids, starts of ids, or service.slot.")
    private List<String> tasks = new ArrayList<>();

    TaskRm(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        for (String given : tasks) {
            String id = new Lookup(session).task(given).getId();
            session.control()
                    .removeTask(RemoveTaskRequest.newBuilder().setTaskId(id).build());
            session.out().println(given);
        }
    }
}
