package io.osmia.shell.internal.service;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.shell.internal.task.LogOptions;
import io.osmia.shell.internal.task.LogOutput;
import io.osmia.wire.osmia.ReadLogsRequest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Show what the tasks of services print.")
final class ServiceLogs extends SessionCommand {

    @Parameters(paramLabel = "SERVICE", arity = "1..*", description = "Names, ids or starts of ids.")
    private List<String> services = new ArrayList<>();

    @Mixin
    private final LogOptions options = new LogOptions();

    ServiceLogs(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        ReadLogsRequest.Builder request = options.request();
        for (String given : services) {
            request.addServiceIds(new Lookup(session).service(given).getId());
        }
        new LogOutput(session).print(request.build());
    }
}
