package io.osmia.itests.harness;

import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.CreateServiceRequest;
import io.osmia.wire.swarmkit.Placement;
import io.osmia.wire.swarmkit.ReplicatedService;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.TaskSpec;
import java.util.List;

/** Specs of services that run host processes. */
public final class Services {

    private Services() {}

    public static ServiceSpec.Builder spec(String name, int replicas, String... command) {
        return ServiceSpec.newBuilder()
                .setAnnotations(Annotations.newBuilder().setName(name))
                .setReplicated(ReplicatedService.newBuilder().setReplicas(replicas))
                .setTask(TaskSpec.newBuilder()
                        .setContainer(ContainerSpec.newBuilder()
                                .setImage("osmia/host")
                                .addAllCommand(List.of(command))));
    }

    public static Service create(Node node, String name, int replicas, String... command) {
        return create(node, spec(name, replicas, command));
    }

    /** Of which no task runs on a manager. */
    public static Service createOnWorkers(Node node, String name, int replicas, String... command) {
        ServiceSpec.Builder spec = spec(name, replicas, command);
        spec.getTaskBuilder().setPlacement(Placement.newBuilder().addConstraints("node.role==worker"));
        return create(node, spec);
    }

    private static Service create(Node node, ServiceSpec.Builder spec) {
        return node.control()
                .createService(CreateServiceRequest.newBuilder().setSpec(spec).build())
                .getService();
    }
}
