package io.osmia.itests.harness;

import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.CreateServiceRequest;
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
        return node.control()
                .createService(CreateServiceRequest.newBuilder()
                        .setSpec(spec(name, replicas, command))
                        .build())
                .getService();
    }
}
