package io.osmia.control.internal;

import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import io.osmia.control.internal.calls.ClusterCalls;
import io.osmia.control.internal.calls.ConfigCalls;
import io.osmia.control.internal.calls.ExtensionCalls;
import io.osmia.control.internal.calls.JoinTokenSource;
import io.osmia.control.internal.calls.NetworkCalls;
import io.osmia.control.internal.calls.NodeCalls;
import io.osmia.control.internal.calls.ResourceCalls;
import io.osmia.control.internal.calls.SecretCalls;
import io.osmia.control.internal.calls.ServiceCalls;
import io.osmia.control.internal.calls.StoreAccess;
import io.osmia.control.internal.calls.TaskCalls;
import io.osmia.control.internal.calls.VolumeCalls;
import io.osmia.roles.Clock;
import io.osmia.roles.Ids;
import io.osmia.roles.Leadership;
import io.osmia.roles.ManagerRole;
import io.osmia.roles.Membership;
import io.osmia.scheduler.PlacementRules;
import io.osmia.store.Store;
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
import io.osmia.wire.swarmkit.GetClusterRequest;
import io.osmia.wire.swarmkit.GetClusterResponse;
import io.osmia.wire.swarmkit.GetConfigRequest;
import io.osmia.wire.swarmkit.GetConfigResponse;
import io.osmia.wire.swarmkit.GetExtensionRequest;
import io.osmia.wire.swarmkit.GetExtensionResponse;
import io.osmia.wire.swarmkit.GetNetworkRequest;
import io.osmia.wire.swarmkit.GetNetworkResponse;
import io.osmia.wire.swarmkit.GetNodeRequest;
import io.osmia.wire.swarmkit.GetNodeResponse;
import io.osmia.wire.swarmkit.GetResourceRequest;
import io.osmia.wire.swarmkit.GetResourceResponse;
import io.osmia.wire.swarmkit.GetSecretRequest;
import io.osmia.wire.swarmkit.GetSecretResponse;
import io.osmia.wire.swarmkit.GetServiceRequest;
import io.osmia.wire.swarmkit.GetServiceResponse;
import io.osmia.wire.swarmkit.GetTaskRequest;
import io.osmia.wire.swarmkit.GetTaskResponse;
import io.osmia.wire.swarmkit.GetVolumeRequest;
import io.osmia.wire.swarmkit.GetVolumeResponse;
import io.osmia.wire.swarmkit.ListClustersRequest;
import io.osmia.wire.swarmkit.ListClustersResponse;
import io.osmia.wire.swarmkit.ListConfigsRequest;
import io.osmia.wire.swarmkit.ListConfigsResponse;
import io.osmia.wire.swarmkit.ListNetworksRequest;
import io.osmia.wire.swarmkit.ListNetworksResponse;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListNodesResponse;
import io.osmia.wire.swarmkit.ListResourcesRequest;
import io.osmia.wire.swarmkit.ListResourcesResponse;
import io.osmia.wire.swarmkit.ListSecretsRequest;
import io.osmia.wire.swarmkit.ListSecretsResponse;
import io.osmia.wire.swarmkit.ListServiceStatusesRequest;
import io.osmia.wire.swarmkit.ListServiceStatusesResponse;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.ListServicesResponse;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.ListTasksResponse;
import io.osmia.wire.swarmkit.ListVolumesRequest;
import io.osmia.wire.swarmkit.ListVolumesResponse;
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
import java.security.SecureRandom;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code docker.swarmkit.v1.Control} on the leader: hands each call to the class of its kind of object. Calls block their
 * thread until the change is committed.
 */
@Component(service = BindableService.class)
public final class ControlService extends ControlGrpc.ControlImplBase {

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

    /** @param founded there is a cluster to speak of */
    @Activate
    public ControlService(
            @Reference Founded founded,
            @Reference Leadership leadership,
            @Reference ManagerRole manager,
            @Reference Membership membership,
            @Reference PlacementRules placement,
            @Reference Store store,
            @Reference Clock clock,
            @Reference Ids ids) {
        StoreAccess access = new StoreAccess(store, leadership.term(), clock, ids);
        nodes = new NodeCalls(access, membership, manager.clusterId());
        clusters = new ClusterCalls(access, new JoinTokenSource(new SecureRandom()));
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
    public void getNode(GetNodeRequest request, StreamObserver<GetNodeResponse> answer) {
        Answers.unary(request, nodes::get, answer);
    }

    @Override
    public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> answer) {
        Answers.unary(request, nodes::list, answer);
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
    public void getTask(GetTaskRequest request, StreamObserver<GetTaskResponse> answer) {
        Answers.unary(request, tasks::get, answer);
    }

    @Override
    public void listTasks(ListTasksRequest request, StreamObserver<ListTasksResponse> answer) {
        Answers.unary(request, tasks::list, answer);
    }

    @Override
    public void removeTask(RemoveTaskRequest request, StreamObserver<RemoveTaskResponse> answer) {
        Answers.unary(request, tasks::remove, answer);
    }

    @Override
    public void getService(GetServiceRequest request, StreamObserver<GetServiceResponse> answer) {
        Answers.unary(request, services::get, answer);
    }

    @Override
    public void listServices(ListServicesRequest request, StreamObserver<ListServicesResponse> answer) {
        Answers.unary(request, services::list, answer);
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
    public void listServiceStatuses(ListServiceStatusesRequest request,
            StreamObserver<ListServiceStatusesResponse> answer) {
        Answers.unary(request, services::statuses, answer);
    }

    @Override
    public void getNetwork(GetNetworkRequest request, StreamObserver<GetNetworkResponse> answer) {
        Answers.unary(request, networks::get, answer);
    }

    @Override
    public void listNetworks(ListNetworksRequest request, StreamObserver<ListNetworksResponse> answer) {
        Answers.unary(request, networks::list, answer);
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
    public void getCluster(GetClusterRequest request, StreamObserver<GetClusterResponse> answer) {
        Answers.unary(request, clusters::get, answer);
    }

    @Override
    public void listClusters(ListClustersRequest request, StreamObserver<ListClustersResponse> answer) {
        Answers.unary(request, clusters::list, answer);
    }

    @Override
    public void updateCluster(UpdateClusterRequest request, StreamObserver<UpdateClusterResponse> answer) {
        Answers.unary(request, clusters::update, answer);
    }

    @Override
    public void getSecret(GetSecretRequest request, StreamObserver<GetSecretResponse> answer) {
        Answers.unary(request, secrets::get, answer);
    }

    @Override
    public void updateSecret(UpdateSecretRequest request, StreamObserver<UpdateSecretResponse> answer) {
        Answers.unary(request, secrets::update, answer);
    }

    @Override
    public void listSecrets(ListSecretsRequest request, StreamObserver<ListSecretsResponse> answer) {
        Answers.unary(request, secrets::list, answer);
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
    public void getConfig(GetConfigRequest request, StreamObserver<GetConfigResponse> answer) {
        Answers.unary(request, configs::get, answer);
    }

    @Override
    public void updateConfig(UpdateConfigRequest request, StreamObserver<UpdateConfigResponse> answer) {
        Answers.unary(request, configs::update, answer);
    }

    @Override
    public void listConfigs(ListConfigsRequest request, StreamObserver<ListConfigsResponse> answer) {
        Answers.unary(request, configs::list, answer);
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
    public void getExtension(GetExtensionRequest request, StreamObserver<GetExtensionResponse> answer) {
        Answers.unary(request, extensions::get, answer);
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
    public void getResource(GetResourceRequest request, StreamObserver<GetResourceResponse> answer) {
        Answers.unary(request, resources::get, answer);
    }

    @Override
    public void updateResource(UpdateResourceRequest request, StreamObserver<UpdateResourceResponse> answer) {
        Answers.unary(request, resources::update, answer);
    }

    @Override
    public void listResources(ListResourcesRequest request, StreamObserver<ListResourcesResponse> answer) {
        Answers.unary(request, resources::list, answer);
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
    public void getVolume(GetVolumeRequest request, StreamObserver<GetVolumeResponse> answer) {
        Answers.unary(request, volumes::get, answer);
    }

    @Override
    public void updateVolume(UpdateVolumeRequest request, StreamObserver<UpdateVolumeResponse> answer) {
        Answers.unary(request, volumes::update, answer);
    }

    @Override
    public void listVolumes(ListVolumesRequest request, StreamObserver<ListVolumesResponse> answer) {
        Answers.unary(request, volumes::list, answer);
    }

    @Override
    public void removeVolume(RemoveVolumeRequest request, StreamObserver<RemoveVolumeResponse> answer) {
        Answers.unary(request, volumes::remove, answer);
    }
}
