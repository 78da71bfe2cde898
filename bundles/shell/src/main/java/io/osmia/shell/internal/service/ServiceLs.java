package io.osmia.shell.internal.service;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.ListCommand;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Table;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.Service;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "ls", description = "List services.")
final class ServiceLs extends ListCommand<Service> {

    ServiceLs(Session session) {
        super(session);
    }

    @Override
    protected List<Service> ask() throws NotReachable {
        return session.control().listServices(ListServicesRequest.getDefaultInstance()).getServicesList().stream()
                .sorted(Comparator.comparing((Service service) -> service.getSpec().getAnnotations().getName())
                        .thenComparing(Service::getId))
                .toList();
    }

    @Override
    protected String id(Service service) {
        return service.getId();
    }

    @Override
    protected void print(List<Service> services) throws NotReachable {
        RunningCounts running = services.isEmpty() ? RunningCounts.NONE : RunningCounts.ask(session);
        Table table = new Table("ID", "Name", "Image", "Replicas");
        for (Service service : services) {
            table.row(
                    service.getId(),
                    service.getSpec().getAnnotations().getName(),
                    image(service),
                    running.replicas(service));
        }
        table.print(session.out());
    }

    private static String image(Service service) {
        return service.getSpec().getTask().hasGeneric()
                ? service.getSpec().getTask().getGeneric().getKind()
                : service.getSpec().getTask().getContainer().getImage();
    }
}
