package io.osmia.shell.internal.service;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.UpdateServiceRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "scale", description = "Set how many replicas services have.")
final class ServiceScale extends SessionCommand {

    @Parameters(paramLabel = "SERVICE=REPLICAS", arity = "1..*", description = "Such as web=5.")
    private List<String> wanted = new ArrayList<>();

    @Mixin
    private final WaitOptions wait = new WaitOptions();

    ServiceScale(Session session) {
        super(session);
    }

    @Override
    protected void run() throws Exception {
        List<Service> scaled = new ArrayList<>();
        for (Map.Entry<String, Long> entry : replicas().entrySet()) {
            scaled.add(scale(new Lookup(session).service(entry.getKey()), entry.getValue()));
            session.out().println(entry.getKey() + " scaled to " + entry.getValue());
        }
        for (Service service : scaled) {
            wait.await(session, service);
        }
    }

    private Map<String, Long> replicas() {
        Map<String, Long> replicas = new LinkedHashMap<>();
        for (String word : wanted) {
            int at = word.indexOf('=');
            try {
                replicas.put(word.substring(0, Math.max(at, 0)), Long.parseUnsignedLong(word.substring(at + 1)));
            } catch (NumberFormatException e) {
                throw Failure.usage("malformed SERVICE=REPLICAS '" + word + "', write it like web=5");
            }
        }
        return replicas;
    }

    private Service scale(Service service, long replicas) throws NotReachable {
        if (!service.getSpec().hasReplicated()) {
            throw Failure.refused("service " + service.getSpec().getAnnotations().getName()
                    + " is not replicated, so it cannot be scaled");
        }
        ServiceSpec.Builder spec = service.getSpec().toBuilder();
        spec.getReplicatedBuilder().setReplicas(replicas);
        return session.control()
                .updateService(UpdateServiceRequest.newBuilder()
                        .setServiceId(service.getId())
                        .setServiceVersion(service.getMeta().getVersion())
                        .setSpec(spec)
                        .build())
                .getService();
    }
}
