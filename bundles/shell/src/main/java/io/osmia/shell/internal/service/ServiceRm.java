package io.osmia.shell.internal.service;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.swarmkit.RemoveServiceRequest;
import io.osmia.wire.swarmkit.Service;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "rm", description = "Remove services; their processes are stopped.")
final class ServiceRm extends SessionCommand {

    @Parameters(paramLabel = "SERVICE", arity = "1..*", description = "Names, ids or starts of ids.")
    private List<String> services = new ArrayList<>();

    ServiceRm(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        for (String given : services) {
            Service found = new Lookup(session).service(given);
            session.control()
                    .removeService(RemoveServiceRequest.newBuilder()
                            .setServiceId(found.getId())
                            .build());
            session.out().println(given);
        }
    }
}
