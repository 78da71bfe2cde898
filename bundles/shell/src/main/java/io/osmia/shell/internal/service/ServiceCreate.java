package io.osmia.shell.internal.service;

import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.shell.internal.command.Unsupported;
import io.osmia.wire.swarmkit.CreateServiceRequest;
import io.osmia.wire.swarmkit.RestartPolicy;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "create", description = "Create a service and print its id.", sortOptions = false, footer = {"",
    "A process of this machine:",
    "  osmia service create --name clock --image osmia/host --command sleep --args 60"})
final class ServiceCreate extends SessionCommand implements Unsupported {

    /** Where replicas run. */
    enum Mode {
        REPLICATED,
        GLOBAL
    }

    @Option(names = "--mode", paramLabel = "replicated|global", defaultValue = "replicated", description = "A number of replicas, or one task on each node. Default: replicated.")
    private Mode mode = Mode.REPLICATED;

    @Mixin
    private final ServiceFlags flags = new ServiceFlags();

    @Mixin
    private final WaitOptions wait = new WaitOptions();

    ServiceCreate(Session session) {
        super(session);
    }

    @Override
    protected void run() throws Exception {
        wait.check();
        if (!flags.namesServiceAndImage()) {
            throw Failure.usage("--name and --image are mandatory");
        }
        ServiceSpec.Builder spec = ServiceSpec.newBuilder();
        if (mode == Mode.GLOBAL) {
            spec.getGlobalBuilder();
        } else {
            spec.getReplicatedBuilder().setReplicas(1);
        }
        spec.getTaskBuilder().getRestartBuilder().setCondition(RestartPolicy.RestartCondition.ANY);
        flags.mergeInto(spec);
        Service created = session.control()
                .createService(CreateServiceRequest.newBuilder().setSpec(spec).build())
                .getService();
        session.out().println(created.getId());
        session.out().flush();
        wait.await(session, created);
    }

    @Override
    public List<String> unsupportedFlags() {
        return ServiceFlags.UNSUPPORTED;
    }
}
