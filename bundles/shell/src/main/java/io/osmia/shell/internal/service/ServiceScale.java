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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "scale", description = "Set how many replicas services have.")
final class ServiceScale extends SessionCommand {

    private static final long MOST = 100_000;

    @Parameters(paramLabel = "SERVICE=REPLICAS", arity = "1..*", description = "Such as web=5.")
    private List<String> wanted = new ArrayList<>();

    @Option(names = "--force", description = "Also to more than 100,000 replicas.")
    private boolean force;

    @Mixin
    private final WaitOptions wait = new WaitOptions();

    ServiceScale(Session session) {
        super(session);
    }

    @Override
    protected void run() throws Exception {
        wait.check();
        List<Service> scaled = new ArrayList<>();
        for (Map.Entry<String, Long> entry : replicas().entrySet()) {
            scaled.add(scale(new Lookup(session).service(entry.getKey()), entry.getValue()));
            session.out().println(entry.getKey() + " scaled to " + Long.toUnsignedString(entry.getValue()));
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
        replicas.forEach(this::checkSane);
        return replicas;
    }

    /** A finger that stays on a key should not make a million tasks. */
    private void checkSane(String service, long wanted) {
        if (!force && Long.compareUnsigned(wanted, MOST) > 0) {
            throw Failure.refused("service " + service + " would get " + Long.toUnsignedString(wanted)
                    + " replicas; if more than 100,000 are meant, say so with --force");
        }
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
