package io.osmia.store;

import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.ClusterSpec;
import io.osmia.wire.swarmkit.Config;
import io.osmia.wire.swarmkit.ConfigReference;
import io.osmia.wire.swarmkit.ConfigSpec;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.Extension;
import io.osmia.wire.swarmkit.Network;
import io.osmia.wire.swarmkit.NetworkAttachmentConfig;
import io.osmia.wire.swarmkit.NetworkSpec;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeDescription;
import io.osmia.wire.swarmkit.Resource;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.SecretReference;
import io.osmia.wire.swarmkit.SecretSpec;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.Volume;
import io.osmia.wire.swarmkit.VolumeSpec;

/** Objects for tests. */
final class Samples {

    private Samples() {}

    static Annotations named(String name) {
        return Annotations.newBuilder().setName(name).build();
    }

    static Node node(String id, String hostname) {
        return Node.newBuilder()
                .setId(id)
                .setDescription(NodeDescription.newBuilder().setHostname(hostname))
                .build();
    }

    static Service service(String id, String name) {
        return Service.newBuilder()
                .setId(id)
                .setSpec(ServiceSpec.newBuilder().setAnnotations(named(name)).setTask(spec("image-of-" + name)))
                .build();
    }

    static TaskSpec spec(String image) {
        return TaskSpec.newBuilder()
                .setContainer(ContainerSpec.newBuilder().setImage(image))
                .build();
    }

    static TaskSpec specWith(String network, String secret, String config) {
        return TaskSpec.newBuilder()
                .addNetworks(NetworkAttachmentConfig.newBuilder().setTarget(network))
                .setContainer(ContainerSpec.newBuilder()
                        .setImage("image")
                        .addSecrets(SecretReference.newBuilder().setSecretId(secret))
                        .addConfigs(ConfigReference.newBuilder().setConfigId(config)))
                .build();
    }

    static Task task(String id, String serviceId, long slot, String nodeId) {
        return Task.newBuilder()
                .setId(id)
                .setServiceId(serviceId)
                .setSlot(slot)
                .setNodeId(nodeId)
                .setServiceAnnotations(named("name-of-" + serviceId))
                .setSpec(spec("image"))
                .build();
    }

    static Network network(String id, String name) {
        return Network.newBuilder()
                .setId(id)
                .setSpec(NetworkSpec.newBuilder().setAnnotations(named(name)))
                .build();
    }

    static Cluster cluster(String id, String name) {
        return Cluster.newBuilder()
                .setId(id)
                .setSpec(ClusterSpec.newBuilder().setAnnotations(named(name)))
                .build();
    }

    static Secret secret(String id, String name) {
        return Secret.newBuilder()
                .setId(id)
                .setSpec(SecretSpec.newBuilder().setAnnotations(named(name)))
                .build();
    }

    static Config config(String id, String name) {
        return Config.newBuilder()
                .setId(id)
                .setSpec(ConfigSpec.newBuilder().setAnnotations(named(name)))
                .build();
    }

    static Volume volume(String id, String name) {
        return Volume.newBuilder()
                .setId(id)
                .setSpec(VolumeSpec.newBuilder().setAnnotations(named(name)))
                .build();
    }

    static Extension extension(String id, String name) {
        return Extension.newBuilder().setId(id).setAnnotations(named(name)).build();
    }

    static Resource resource(String id, String name, String kind) {
        return Resource.newBuilder()
                .setId(id)
                .setAnnotations(named(name))
                .setKind(kind)
                .build();
    }
}
