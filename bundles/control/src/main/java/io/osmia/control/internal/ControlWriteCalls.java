package io.osmia.control.internal;

import io.grpc.stub.StreamObserver;
import io.osmia.control.internal.calls.ClusterCalls;
import io.osmia.control.internal.calls.ConfigCalls;
import io.osmia.control.internal.calls.ExtensionCalls;
import io.osmia.control.internal.calls.NetworkCalls;
import io.osmia.control.internal.calls.NodeCalls;
import io.osmia.control.internal.calls.ResourceCalls;
import io.osmia.control.internal.calls.SecretCalls;
import io.osmia.control.internal.calls.ServiceCalls;
import io.osmia.control.internal.calls.StoreAccess;
import io.osmia.control.internal.calls.TaskCalls;
import io.osmia.control.internal.calls.VolumeCalls;
import io.osmia.scheduler.PlacementRules;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.CreateConfigRequest;
import io.osmia.wire.swarmkit.CreateConfigResponse;
import io.osmia.wire.swarmkit.CreateExtensionRequest;
import io.osmia.wire.swarmkit.CreateExtensionResponse;
import io.osmia.wire.swarmkit.CreateNetworkRequest;
import io.osmia.wire.swarmkit.CreateNetworkResponse;
import io.osmia.wire.swarmkit.CreateResourceRequest;
import io.osmia.wire.swarmkit.CreateResourceResponse;
import io.osmia.wire.swarmkit.CreateSecretRequest;
import io.osmia.wire.swarmkit.CreateSecretResponse;
import io.osmia.wire.swarmkit.CreateServiceRequest;
import io.osmia.wire.swarmkit.CreateServiceResponse;
import io.osmia.wire.swarmkit.CreateVolumeRequest;
import io.osmia.wire.swarmkit.CreateVolumeResponse;
import io.osmia.wire.swarmkit.RemoveConfigRequest;
import io.osmia.wire.swarmkit.RemoveConfigResponse;
import io.osmia.wire.swarmkit.RemoveExtensionRequest;
import io.osmia.wire.swarmkit.RemoveExtensionResponse;
import io.osmia.wire.swarmkit.RemoveNetworkRequest;
import io.osmia.wire.swarmkit.RemoveNetworkResponse;
import io.osmia.wire.swarmkit.RemoveNodeRequest;
import io.osmia.wire.swarmkit.RemoveNodeResponse;
import io.osmia.wire.swarmkit.RemoveResourceRequest;
import io.osmia.wire.swarmkit.RemoveResourceResponse;
import io.osmia.wire.swarmkit.RemoveSecretRequest;
import io.osmia.wire.swarmkit.RemoveSecretResponse;
import io.osmia.wire.swarmkit.RemoveServiceRequest;
import io.osmia.wire.swarmkit.RemoveServiceResponse;
import io.osmia.wire.swarmkit.RemoveTaskRequest;
import io.osmia.wire.swarmkit.RemoveTaskResponse;
import io.osmia.wire.swarmkit.RemoveVolumeRequest;
import io.osmia.wire.swarmkit.RemoveVolumeResponse;
import io.osmia.wire.swarmkit.UpdateClusterRequest;
import io.osmia.wire.swarmkit.UpdateClusterResponse;
import io.osmia.wire.swarmkit.UpdateConfigRequest;
import io.osmia.wire.swarmkit.UpdateConfigResponse;
import io.osmia.wire.swarmkit.UpdateNodeRequest;
import io.osmia.wire.swarmkit.UpdateNodeResponse;
import io.osmia.wire.swarmkit.UpdateResourceRequest;
import io.osmia.wire.swarmkit.UpdateResourceResponse;
import io.osmia.wire.swarmkit.UpdateSecretRequest;
import io.osmia.wire.swarmkit.UpdateSecretResponse;
import io.osmia.wire.swarmkit.UpdateServiceRequest;
import io.osmia.wire.swarmkit.UpdateServiceResponse;
import io.osmia.wire.swarmkit.UpdateVolumeRequest;
import io.osmia.wire.swarmkit.UpdateVolumeResponse;

/** Hands each change to the class of its kind of object. Calls block their thread until the change is committed. */
final class ControlWriteCalls extends ControlGrpc.ControlImplBase {

    private final NodeCalls nodes;
    private final TaskCalls tasks;
    private final ServiceCalls services;
    private final NetworkCalls networks;
    private final ClusterCalls clusters;
    private final SecretCalls secrets;
    private final ConfigCalls configs;
    private final ExtensionCalls extensions;
    private final ResourceCalls resources;
    private final VolumeCalls volumes;

    ControlWriteCalls(StoreAccess access, NodeCalls nodes, ClusterCalls clusters, PlacementRules placement) {
        this.nodes = nodes;
        this.clusters = clusters;
        tasks = new TaskCalls(access, placement);
        services = new ServiceCalls(access);
        networks = new NetworkCalls(access);
        secrets = new SecretCalls(access);
        configs = new ConfigCalls(access);
        extensions = new ExtensionCalls(access);
        resources = new ResourceCalls(access);
        volumes = new VolumeCalls(access);
    }

    @Override
    public void updateNode(UpdateNodeRequest request, StreamObserver<UpdateNodeResponse> answer) {
        Answers.unary(request, nodes::update, answer);
    }

    @Override
    public void removeNode(RemoveNodeRequest request, StreamObserver<RemoveNodeResponse> answer) {
        Answers.unary(request, nodes::remove, answer);
    }

    @Override
    public void removeTask(RemoveTaskRequest request, StreamObserver<RemoveTaskResponse> answer) {
        Answers.unary(request, tasks::remove, answer);
    }

    @Override
    public void createService(CreateServiceRequest request, StreamObserver<CreateServiceResponse> answer) {
        Answers.unary(request, services::create, answer);
    }

    @Override
    public void updateService(UpdateServiceRequest request, StreamObserver<UpdateServiceResponse> answer) {
        Answers.unary(request, services::update, answer);
    }

    @Override
    public void removeService(RemoveServiceRequest request, StreamObserver<RemoveServiceResponse> answer) {
        Answers.unary(request, services::remove, answer);
    }

    @Override
    public void createNetwork(CreateNetworkRequest request, StreamObserver<CreateNetworkResponse> answer) {
        Answers.unary(request, networks::create, answer);
    }

    @Override
    public void removeNetwork(RemoveNetworkRequest request, StreamObserver<RemoveNetworkResponse> answer) {
        Answers.unary(request, networks::remove, answer);
    }

    @Override
    public void updateCluster(UpdateClusterRequest request, StreamObserver<UpdateClusterResponse> answer) {
        Answers.unary(request, clusters::update, answer);
    }

    @Override
    public void updateSecret(UpdateSecretRequest request, StreamObserver<UpdateSecretResponse> answer) {
        Answers.unary(request, secrets::update, answer);
    }

    @Override
    public void createSecret(CreateSecretRequest request, StreamObserver<CreateSecretResponse> answer) {
        Answers.unary(request, secrets::create, answer);
    }

    @Override
    public void removeSecret(RemoveSecretRequest request, StreamObserver<RemoveSecretResponse> answer) {
        Answers.unary(request, secrets::remove, answer);
    }

    @Override
    public void updateConfig(UpdateConfigRequest request, StreamObserver<UpdateConfigResponse> answer) {
        Answers.unary(request, configs::update, answer);
    }

    @Override
    public void createConfig(CreateConfigRequest request, StreamObserver<CreateConfigResponse> answer) {
        Answers.unary(request, configs::create, answer);
    }

    @Override
    public void removeConfig(RemoveConfigRequest request, StreamObserver<RemoveConfigResponse> answer) {
        Answers.unary(request, configs::remove, answer);
    }

    @Override
    public void createExtension(CreateExtensionRequest request, StreamObserver<CreateExtensionResponse> answer) {
        Answers.unary(request, extensions::create, answer);
    }

    @Override
    public void removeExtension(RemoveExtensionRequest request, StreamObserver<RemoveExtensionResponse> answer) {
        Answers.unary(request, extensions::remove, answer);
    }

    @Override
    public void updateResource(UpdateResourceRequest request, StreamObserver<UpdateResourceResponse> answer) {
        Answers.unary(request, resources::update, answer);
    }

    @Override
    public void createResource(CreateResourceRequest request, StreamObserver<CreateResourceResponse> answer) {
        Answers.unary(request, resources::create, answer);
    }

    @Override
    public void removeResource(RemoveResourceRequest request, StreamObserver<RemoveResourceResponse> answer) {
        Answers.unary(request, resources::remove, answer);
    }

    @Override
    public void createVolume(CreateVolumeRequest request, StreamObserver<CreateVolumeResponse> answer) {
        Answers.unary(request, volumes::create, answer);
    }

    @Override
    public void updateVolume(UpdateVolumeRequest request, StreamObserver<UpdateVolumeResponse> answer) {
        Answers.unary(request, volumes::update, answer);
    }

    @Override
    public void removeVolume(RemoveVolumeRequest request, StreamObserver<RemoveVolumeResponse> answer) {
        Answers.unary(request, volumes::remove, answer);
    }
}
