package io.osmia.control.internal.calls;

import static io.osmia.control.internal.TestCluster.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import com.google.protobuf.ByteString;
import io.osmia.control.internal.TestCluster;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.Config;
import io.osmia.wire.swarmkit.ControlGrpc.ControlBlockingStub;
import io.osmia.wire.swarmkit.CreateExtensionRequest;
import io.osmia.wire.swarmkit.CreateNetworkRequest;
import io.osmia.wire.swarmkit.CreateResourceRequest;
import io.osmia.wire.swarmkit.CreateVolumeRequest;
import io.osmia.wire.swarmkit.Extension;
import io.osmia.wire.swarmkit.GetConfigRequest;
import io.osmia.wire.swarmkit.GetExtensionRequest;
import io.osmia.wire.swarmkit.GetNetworkRequest;
import io.osmia.wire.swarmkit.GetResourceRequest;
import io.osmia.wire.swarmkit.GetSecretRequest;
import io.osmia.wire.swarmkit.GetVolumeRequest;
import io.osmia.wire.swarmkit.ListConfigsRequest;
import io.osmia.wire.swarmkit.ListNetworksRequest;
import io.osmia.wire.swarmkit.ListResourcesRequest;
import io.osmia.wire.swarmkit.ListSecretsRequest;
import io.osmia.wire.swarmkit.ListVolumesRequest;
import io.osmia.wire.swarmkit.Network;
import io.osmia.wire.swarmkit.RemoveConfigRequest;
import io.osmia.wire.swarmkit.RemoveExtensionRequest;
import io.osmia.wire.swarmkit.RemoveNetworkRequest;
import io.osmia.wire.swarmkit.RemoveResourceRequest;
import io.osmia.wire.swarmkit.RemoveSecretRequest;
import io.osmia.wire.swarmkit.RemoveVolumeRequest;
import io.osmia.wire.swarmkit.Resource;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.UpdateConfigRequest;
import io.osmia.wire.swarmkit.UpdateResourceRequest;
import io.osmia.wire.swarmkit.UpdateSecretRequest;
import io.osmia.wire.swarmkit.UpdateVolumeRequest;
import io.osmia.wire.swarmkit.Volume;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects that cannot be made yet: they are refused, and asking for them is answered. */
class LaterKindsTest {

    private final TestCluster cluster = new TestCluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    @ParameterizedTest
    @MethodSource
    void callsAreRefused(String refusal, Consumer<ControlBlockingStub> call) {
        assertThat(refusalOf(() -> call.accept(cluster.api))).isEqualTo(refusal);
    }

    static Stream<Arguments> callsAreRefused() {
        return Stream.of(creations(), lookups(), removals()).flatMap(calls -> calls);
    }

    private static Stream<Arguments> creations() {
        Annotations name = Annotations.newBuilder().setName("x").build();
        CreateNetworkRequest.Builder network = CreateNetworkRequest.newBuilder();
        network.getSpecBuilder().setAnnotations(name);
        CreateVolumeRequest.Builder volume = CreateVolumeRequest.newBuilder();
        volume.getSpecBuilder().setAnnotations(name);
        return Stream.of(
                refused("UNIMPLEMENTED: CreateNetwork is not supported yet", c -> c.createNetwork(network.build())),
                refused("UNIMPLEMENTED: CreateVolume is not supported yet", c -> c.createVolume(volume.build())),
                refused("UNIMPLEMENTED: CreateExtension is not supported yet",
                        c -> c.createExtension(CreateExtensionRequest.newBuilder().setAnnotations(name).build())),
                refused("UNIMPLEMENTED: CreateResource is not supported yet",
                        c -> c.createResource(CreateResourceRequest.newBuilder()
                                .setAnnotations(name)
                                .setKind("k")
                                .build())),
                refused("INVALID_ARGUMENT: invalid argument",
                        c -> c.createNetwork(CreateNetworkRequest.getDefaultInstance())),
                refused("INVALID_ARGUMENT: spec must not be nil",
                        c -> c.createVolume(CreateVolumeRequest.getDefaultInstance())),
                refused("INVALID_ARGUMENT: extension name must be provided",
                        c -> c.createExtension(CreateExtensionRequest.getDefaultInstance())),
                refused("INVALID_ARGUMENT: Resource must have a name",
                        c -> c.createResource(CreateResourceRequest.getDefaultInstance())),
                refused("INVALID_ARGUMENT: Resource must belong to an Extension",
                        c -> c.createResource(CreateResourceRequest.newBuilder().setAnnotations(name).build())));
    }

    private static Stream<Arguments> lookups() {
        return Stream.of(
                refused("INVALID_ARGUMENT: invalid argument",
                        c -> c.getNetwork(GetNetworkRequest.getDefaultInstance())),
                refused("NOT_FOUND: network x not found",
                        c -> c.getNetwork(GetNetworkRequest.newBuilder().setNetworkId("x").build())),
                refused("INVALID_ARGUMENT: secret ID must be provided",
                        c -> c.getSecret(GetSecretRequest.getDefaultInstance())),
                refused("NOT_FOUND: secret x not found",
                        c -> c.getSecret(GetSecretRequest.newBuilder().setSecretId("x").build())),
                refused("INVALID_ARGUMENT: config ID must be provided",
                        c -> c.getConfig(GetConfigRequest.getDefaultInstance())),
                refused("NOT_FOUND: config x not found",
                        c -> c.getConfig(GetConfigRequest.newBuilder().setConfigId("x").build())),
                refused("INVALID_ARGUMENT: extension ID must be provided",
                        c -> c.getExtension(GetExtensionRequest.getDefaultInstance())),
                refused("NOT_FOUND: extension x not found",
                        c -> c.getExtension(GetExtensionRequest.newBuilder().setExtensionId("x").build())),
                refused("INVALID_ARGUMENT: resource ID must be present",
                        c -> c.getResource(GetResourceRequest.getDefaultInstance())),
                refused("NOT_FOUND: resource x not found",
                        c -> c.getResource(GetResourceRequest.newBuilder().setResourceId("x").build())),
                refused("INVALID_ARGUMENT: invalid argument", c -> c.getVolume(GetVolumeRequest.getDefaultInstance())),
                refused("NOT_FOUND: volume x not found",
                        c -> c.getVolume(GetVolumeRequest.newBuilder().setVolumeId("x").build())));
    }

    private static Stream<Arguments> removals() {
        return Stream.of(
                refused("NOT_FOUND: network x not found",
                        c -> c.removeNetwork(RemoveNetworkRequest.newBuilder().setNetworkId("x").build())),
                refused("NOT_FOUND: could not find secret x",
                        c -> c.removeSecret(RemoveSecretRequest.newBuilder().setSecretId("x").build())),
                refused("INVALID_ARGUMENT: secret ID must be provided",
                        c -> c.removeSecret(RemoveSecretRequest.getDefaultInstance())),
                refused("NOT_FOUND: could not find config x",
                        c -> c.removeConfig(RemoveConfigRequest.newBuilder().setConfigId("x").build())),
                refused("NOT_FOUND: could not find extension x",
                        c -> c.removeExtension(RemoveExtensionRequest.newBuilder().setExtensionId("x").build())),
                refused("NOT_FOUND: resource x not found",
                        c -> c.removeResource(RemoveResourceRequest.newBuilder().setResourceId("x").build())),
                refused("NOT_FOUND: volume x not found",
                        c -> c.removeVolume(RemoveVolumeRequest.newBuilder().setVolumeId("x").build())),
                refused("NOT_FOUND: secret x not found",
                        c -> c.updateSecret(UpdateSecretRequest.newBuilder().setSecretId("x").build())),
                refused("NOT_FOUND: config x not found",
                        c -> c.updateConfig(UpdateConfigRequest.newBuilder().setConfigId("x").build())),
                refused("NOT_FOUND: resource x not found",
                        c -> c.updateResource(UpdateResourceRequest.newBuilder().setResourceId("x").build())),
                refused("INVALID_ARGUMENT: VolumeID must not be empty",
                        c -> c.updateVolume(UpdateVolumeRequest.getDefaultInstance())),
                refused("NOT_FOUND: volume x not found",
                        c -> c.updateVolume(UpdateVolumeRequest.newBuilder().setVolumeId("x").build())));
    }

    private static Arguments refused(String refusal, Consumer<ControlBlockingStub> call) {
        return arguments(refusal, call);
    }

    @Test
    @DisplayName("API-029, rule 1.7.3")
    void secretsAndConfigsAreListedByAlternatives() {
        cluster.put(Table.SECRETS, secret("s1", "alpha").build());
        cluster.put(Table.SECRETS, secret("s2", "beta").build());
        cluster.put(Table.SECRETS, secret("s3", "hidden").setInternal(true).build());
        assertThat(secrets(ListSecretsRequest.Filters.newBuilder())).containsExactly("s1", "s2");
        assertThat(secrets(ListSecretsRequest.Filters.newBuilder().addNames("ALPHA").addIdPrefixes("s2")))
                .containsExactly("s1", "s2");
        assertThat(secrets(ListSecretsRequest.Filters.newBuilder().addNamePrefixes("b").putLabels("l", "beta")))
                .containsExactly("s2");
        assertThat(secrets(ListSecretsRequest.Filters.newBuilder().addNamePrefixes("b").putLabels("l", "alpha")))
                .isEmpty();
        Secret shown = cluster.api
                .getSecret(GetSecretRequest.newBuilder().setSecretId("s1").build())
                .getSecret();
        assertThat(shown.getSpec().getData()).isEqualTo(ByteString.EMPTY);

        Config.Builder config = Config.newBuilder().setId("c1");
        config.getSpecBuilder().setData(ByteString.copyFromUtf8("kept")).getAnnotationsBuilder().setName("alpha");
        cluster.put(Table.CONFIGS, config.build());
        ListConfigsRequest.Filters.Builder filters =
                ListConfigsRequest.Filters.newBuilder().addNames("alpha");
        assertThat(cluster.api
                .listConfigs(ListConfigsRequest.newBuilder()
                        .setFilters(filters)
                        .build())
                .getConfigs(0)
                .getSpec()
                .getData()
                .toStringUtf8())
                .isEqualTo("kept");
    }

    @Test
    @DisplayName("API-029")
    void resourcesAreListedByKind() {
        Extension.Builder extension = Extension.newBuilder().setId("e1");
        extension.getAnnotationsBuilder().setName("kind1");
        cluster.put(Table.EXTENSIONS, extension.build());
        Resource.Builder resource = Resource.newBuilder().setId("r1").setKind("kind1");
        resource.getAnnotationsBuilder().setName("one");
        cluster.put(Table.RESOURCES, resource.build());
        assertThat(resources("kind1")).containsExactly("r1");
        assertThat(resources("")).containsExactly("r1");
        assertThat(resources("kind2")).isEmpty();
    }

    @Test
    void networksAndVolumesAreListed() {
        Network.Builder network = Network.newBuilder().setId("n1");
        network.getSpecBuilder().getAnnotationsBuilder().setName("net");
        cluster.put(Table.NETWORKS, network.build());
        Volume.Builder volume = Volume.newBuilder().setId("v1");
        volume.getSpecBuilder().setGroup("g").getAnnotationsBuilder().setName("vol");
        volume.getSpecBuilder().getDriverBuilder().setName("d");
        cluster.put(Table.VOLUMES, volume.build());
        assertThat(cluster.api
                .listNetworks(ListNetworksRequest.newBuilder()
                        .setFilters(ListNetworksRequest.Filters.newBuilder().addNames("net"))
                        .build())
                .getNetworksList())
                .extracting(Network::getId)
                .containsExactly("n1");
        assertThat(volumes(ListVolumesRequest.Filters.newBuilder().addGroups("g").addDrivers("d")))
                .containsExactly("v1");
        assertThat(volumes(ListVolumesRequest.Filters.newBuilder().addGroups("g").addDrivers("e")))
                .isEmpty();
    }

    private static Secret.Builder secret(String id, String name) {
        Secret.Builder secret = Secret.newBuilder().setId(id);
        secret.getSpecBuilder()
                .setData(ByteString.copyFromUtf8("secret"))
                .getAnnotationsBuilder()
                .setName(name)
                .putLabels("l", name);
        return secret;
    }

    private List<String> secrets(ListSecretsRequest.Filters.Builder filters) {
        List<Secret> secrets = cluster.api
                .listSecrets(ListSecretsRequest.newBuilder().setFilters(filters).build())
                .getSecretsList();
        assertThat(secrets).allSatisfy(secret -> assertThat(secret.getSpec().getData())
                .isEqualTo(ByteString.EMPTY));
        return secrets.stream().map(Secret::getId).toList();
    }

    private List<String> resources(String kind) {
        return cluster.api
                .listResources(ListResourcesRequest.newBuilder()
                        .setFilters(ListResourcesRequest.Filters.newBuilder().setKind(kind))
                        .build())
                .getResourcesList()
                .stream()
                .map(Resource::getId)
                .toList();
    }

    private List<String> volumes(ListVolumesRequest.Filters.Builder filters) {
        return cluster.api
                .listVolumes(ListVolumesRequest.newBuilder().setFilters(filters).build())
                .getVolumesList()
                .stream()
                .map(Volume::getId)
                .toList();
    }
}
