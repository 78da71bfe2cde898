package io.osmia.shell.internal.quickstart;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.service.Convergence;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.CreateServiceRequest;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.RestartPolicy;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import java.time.Duration;
import java.util.List;

/** The service that quickstart shows. */
final class HelloService {

    static final String NAME = "hello";

    private static final int REPLICAS = 3;
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final Session session;

    HelloService(Session session) {
        this.session = session;
    }

    /** Makes it unless it is there, and waits until it runs. Returns its id. */
    String ensure() throws NotReachable {
        ListServicesRequest byName = ListServicesRequest.newBuilder()
                .setFilters(ListServicesRequest.Filters.newBuilder().addNames(NAME))
                .build();
        List<Service> found = session.control().listServices(byName).getServicesList();
        String id = found.isEmpty() ? create() : found.getFirst().getId();
        new Convergence(session, id).await(BOUND);
        return id;
    }

    private String create() throws NotReachable {
        ServiceSpec.Builder spec = ServiceSpec.newBuilder();
        spec.getAnnotationsBuilder().setName(NAME);
        spec.getReplicatedBuilder().setReplicas(REPLICAS);
        spec.getTaskBuilder()
                .setContainer(ContainerSpec.newBuilder()
                        .setImage("osmia/host")
                        .addCommand("sh")
                        .addArgs("-c")
                        .addArgs("while :; do date; sleep 5; done"))
                .getRestartBuilder()
                .setCondition(RestartPolicy.RestartCondition.ANY);
        return session.control()
                .createService(CreateServiceRequest.newBuilder().setSpec(spec).build())
                .getService()
                .getId();
    }
}
