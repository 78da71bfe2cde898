package io.osmia.control.internal;

import io.grpc.stub.StreamObserver;
import io.osmia.control.internal.calls.ClusterQueries;
import io.osmia.control.internal.calls.ConfigCalls;
import io.osmia.control.internal.calls.ExtensionCalls;
import io.osmia.control.internal.calls.NetworkCalls;
import io.osmia.control.internal.calls.NodeQueries;
import io.osmia.control.internal.calls.ResourceCalls;
import io.osmia.control.internal.calls.SecretCalls;
import io.osmia.control.internal.calls.ServiceCalls;
import io.osmia.control.internal.calls.StoreAccess;
import io.osmia.control.internal.calls.TaskCalls;
import io.osmia.control.internal.calls.VolumeCalls;
import io.osmia.roles.Membership;
import io.osmia.scheduler.PlacementRules;
import io.osmia.wire.swarmkit.ControlGrpc;
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

/** Hands each read to the class of its kind of object. */
final class ControlReadCalls extends ControlGrpc.ControlImplBase {

    private final NodeQueries nodes;
    private final TaskCalls tasks;
    private final ServiceCalls services;
    private final NetworkCalls networks;
    private final ClusterQueries clusters;
    private final SecretCalls secrets;
    private final ConfigCalls configs;
    private final ExtensionCalls extensions;
    private final ResourceCalls resources;
    private final VolumeCalls volumes;

    ControlReadCalls(StoreAccess access, Membership membership, PlacementRules placement) {
        nodes = new NodeQueries(access, membership);
        clusters = new ClusterQueries(access);
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
    public void getTask(GetTaskRequest request, StreamObserver<GetTaskResponse> answer) {
        Answers.unary(request, tasks::get, answer);
    }

    @Override
    public void listTasks(ListTasksRequest request, StreamObserver<ListTasksResponse> answer) {
        Answers.unary(request, tasks::list, answer);
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
    public void getCluster(GetClusterRequest request, StreamObserver<GetClusterResponse> answer) {
        Answers.unary(request, clusters::get, answer);
    }

    @Override
    public void listClusters(ListClustersRequest request, StreamObserver<ListClustersResponse> answer) {
        Answers.unary(request, clusters::list, answer);
    }

    @Override
    public void getSecret(GetSecretRequest request, StreamObserver<GetSecretResponse> answer) {
        Answers.unary(request, secrets::get, answer);
    }

    @Override
    public void listSecrets(ListSecretsRequest request, StreamObserver<ListSecretsResponse> answer) {
        Answers.unary(request, secrets::list, answer);
    }

    @Override
    public void getConfig(GetConfigRequest request, StreamObserver<GetConfigResponse> answer) {
        Answers.unary(request, configs::get, answer);
    }

    @Override
    public void listConfigs(ListConfigsRequest request, StreamObserver<ListConfigsResponse> answer) {
        Answers.unary(request, configs::list, answer);
    }

    @Override
    public void getExtension(GetExtensionRequest request, StreamObserver<GetExtensionResponse> answer) {
        Answers.unary(request, extensions::get, answer);
    }

    @Override
    public void getResource(GetResourceRequest request, StreamObserver<GetResourceResponse> answer) {
        Answers.unary(request, resources::get, answer);
    }

    @Override
    public void listResources(ListResourcesRequest request, StreamObserver<ListResourcesResponse> answer) {
        Answers.unary(request, resources::list, answer);
    }

    @Override
    public void getVolume(GetVolumeRequest request, StreamObserver<GetVolumeResponse> answer) {
        Answers.unary(request, volumes::get, answer);
    }

    @Override
    public void listVolumes(ListVolumesRequest request, StreamObserver<ListVolumesResponse> answer) {
        Answers.unary(request, volumes::list, answer);
    }

}
