package io.osmia.shell.internal.task;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.osmia.ReadLogsRequest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Show what tasks print.")
final class TaskLogs extends SessionCommand {

    @Parameters(paramLabel = "TASK", arity = "1..*", description = "Ids, starts of ids, or service.slot.")
    private List<String> tasks = new ArrayList<>();

    @Mixin
    private final LogOptions options = new LogOptions();

    TaskLogs(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        ReadLogsRequest.Builder request = options.request();
        for (String given : tasks) {
            request.addTaskIds(new Lookup(session).task(given).getId());
        }
        new LogOutput(session).print(request.build());
    }
}
