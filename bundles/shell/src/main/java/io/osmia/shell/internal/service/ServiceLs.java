package io.osmia.shell.internal.service;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.OutputOptions;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.shell.internal.text.Table;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.Service;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "ls", description = "List services.")
final class ServiceLs extends SessionCommand {

    @Option(names = {"-q", "--quiet"}, description = "Only ids.")
    private boolean quiet;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    ServiceLs(Session session) {
        super(session);
    }

    @Override
    protected void run() throws NotReachable {
        List<Service> services =
                session.control().listServices(ListServicesRequest.getDefaultInstance()).getServicesList().stream()
                        .sorted(Comparator.comparing((Service service) -> service.getSpec().getAnnotations().getName())
                                .thenComparing(Service::getId))
                        .toList();
        if (quiet) {
            services.forEach(service -> session.out().println(service.getId()));
        } else if (!output.printedJson(session.out(), services)) {
            print(services);
        }
    }

    private void print(List<Service> services) throws NotReachable {
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
