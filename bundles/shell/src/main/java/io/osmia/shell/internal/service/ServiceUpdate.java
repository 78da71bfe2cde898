package io.osmia.shell.internal.service;

import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.shell.internal.command.Unsupported;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.UpdateServiceRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "update", description = "Change what is given by flags, leave the rest, print the id.", sortOptions = false)
final class ServiceUpdate extends SessionCommand implements Unsupported {

    @Parameters(paramLabel = "SERVICE", description = "Name, id or the start of an id.")
    private String service = "";

    @Option(names = "--force", description = "Replace all tasks even if nothing else changed.")
    private boolean force;

    @Mixin
    private final ServiceFlags flags = new ServiceFlags();

    @Mixin
    private final WaitOptions wait = new WaitOptions();

    ServiceUpdate(Session session) {
        super(session);
    }

    @Override
    protected void run() throws Exception {
        wait.check();
        Service found = new Lookup(session).service(service);
        ServiceSpec.Builder spec = found.getSpec().toBuilder();
        flags.mergeInto(spec);
        if (force) {
            spec.getTaskBuilder().setForceUpdate(spec.getTask().getForceUpdate() + 1);
        }
        if (spec.build().equals(found.getSpec())) {
            throw Failure.refused("no changes detected");
        }
        Service updated = session.control()
                .updateService(UpdateServiceRequest.newBuilder()
                        .setServiceId(found.getId())
                        .setServiceVersion(found.getMeta().getVersion())
                        .setSpec(spec)
                        .build())
                .getService();
        session.out().println(updated.getId());
        session.out().flush();
        wait.await(session, updated);
    }

    @Override
    public List<String> unsupportedFlags() {
        return ServiceFlags.UNSUPPORTED;
    }
}
