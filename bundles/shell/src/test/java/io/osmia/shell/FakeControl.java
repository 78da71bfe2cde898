package io.osmia.shell;

import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.Config;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.CreateConfigRequest;
import io.osmia.wire.swarmkit.CreateConfigResponse;
import io.osmia.wire.swarmkit.CreateSecretRequest;
import io.osmia.wire.swarmkit.CreateSecretResponse;
import io.osmia.wire.swarmkit.CreateServiceRequest;
import io.osmia.wire.swarmkit.CreateServiceResponse;
import io.osmia.wire.swarmkit.GetClusterRequest;
import io.osmia.wire.swarmkit.GetClusterResponse;
import io.osmia.wire.swarmkit.GetConfigRequest;
import io.osmia.wire.swarmkit.GetConfigResponse;
import io.osmia.wire.swarmkit.GetNodeRequest;
import io.osmia.wire.swarmkit.GetNodeResponse;
import io.osmia.wire.swarmkit.GetSecretRequest;
import io.osmia.wire.swarmkit.GetSecretResponse;
import io.osmia.wire.swarmkit.GetServiceRequest;
import io.osmia.wire.swarmkit.GetServiceResponse;
import io.osmia.wire.swarmkit.GetTaskRequest;
import io.osmia.wire.swarmkit.GetTaskResponse;
import io.osmia.wire.swarmkit.ListClustersRequest;
import io.osmia.wire.swarmkit.ListClustersResponse;
import io.osmia.wire.swarmkit.ListConfigsRequest;
import io.osmia.wire.swarmkit.ListConfigsResponse;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListNodesResponse;
import io.osmia.wire.swarmkit.ListSecretsRequest;
import io.osmia.wire.swarmkit.ListSecretsResponse;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.ListServicesResponse;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.ListTasksResponse;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.RemoveConfigRequest;
import io.osmia.wire.swarmkit.RemoveConfigResponse;
import io.osmia.wire.swarmkit.RemoveNodeRequest;
import io.osmia.wire.swarmkit.RemoveNodeResponse;
import io.osmia.wire.swarmkit.RemoveSecretRequest;
import io.osmia.wire.swarmkit.RemoveSecretResponse;
import io.osmia.wire.swarmkit.RemoveServiceRequest;
import io.osmia.wire.swarmkit.RemoveServiceResponse;
import io.osmia.wire.swarmkit.RemoveTaskRequest;
import io.osmia.wire.swarmkit.RemoveTaskResponse;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.UpdateClusterRequest;
import io.osmia.wire.swarmkit.UpdateClusterResponse;
import io.osmia.wire.swarmkit.UpdateConfigRequest;
import io.osmia.wire.swarmkit.UpdateConfigResponse;
import io.osmia.wire.swarmkit.UpdateNodeRequest;
import io.osmia.wire.swarmkit.UpdateNodeResponse;
import io.osmia.wire.swarmkit.UpdateSecretRequest;
import io.osmia.wire.swarmkit.UpdateSecretResponse;
import io.osmia.wire.swarmkit.UpdateServiceRequest;
import io.osmia.wire.swarmkit.UpdateServiceResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The Control service over lists that the test fills; it remembers what it was asked to change. */
final class FakeControl extends ControlGrpc.ControlImplBase {

    final List<Service> services = new CopyOnWriteArrayList<>();
    final List<Task> tasks = new CopyOnWriteArrayList<>();
    final List<Node> nodes = new CopyOnWriteArrayList<>();
    final List<Cluster> clusters = new CopyOnWriteArrayList<>();
    final List<Secret> secrets = new CopyOnWriteArrayList<>();
    final List<Config> configs = new CopyOnWriteArrayList<>();
    final List<Object> changes = new CopyOnWriteArrayList<>();
    /** Tasks that ListTasks leaves out when only those up to date are wanted. */
    final List<String> outdated = new CopyOnWriteArrayList<>();
    /** Answer to every change, if one is to be refused. */
    volatile @Nullable Status refusal;
    /** How many further changes come too late, since somebody else wrote. */
    final AtomicInteger late = new AtomicInteger();

    private boolean isRefused(Object request, StreamObserver<?> observer) {
        changes.add(request);
        Status status = late.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                ? Status.UNKNOWN.withDescription("update out of sequence")
                : refusal;
        if (status != null) {
            observer.onError(status.asRuntimeException());
        }
        return status != null;
    }

    private static <T> void answer(StreamObserver<T> observer, T answer) {
        observer.onNext(answer);
        observer.onCompleted();
    }

    private static <T> Optional<T> find(
            List<T> all, Predicate<T> which, String what, StreamObserver<?> observer) {
        Optional<T> found = all.stream().filter(which).findFirst();
        if (found.isEmpty()) {
            observer.onError(Status.NOT_FOUND.withDescription(what + " not found").asRuntimeException());
        }
        return found;
    }

    private static boolean matches(List<String> names, List<String> prefixes, String name, String id) {
        return (names.isEmpty() || names.contains(name))
                && (prefixes.isEmpty() || prefixes.stream().anyMatch(id::startsWith));
    }

    @Override
    public void getService(GetServiceRequest request, StreamObserver<GetServiceResponse> observer) {
        find(services, s -> s.getId().equals(request.getServiceId()), "service " + request.getServiceId(), observer)
                .ifPresent(s -> answer(observer, GetServiceResponse.newBuilder().setService(s).build()));
    }

    @Override
    public void listServices(ListServicesRequest request, StreamObserver<ListServicesResponse> observer) {
        ListServicesRequest.Filters by = request.getFilters();
        ListServicesResponse.Builder answer = ListServicesResponse.newBuilder();
        services.stream()
                .filter(s -> matches(
                        by.getNamesList(), by.getIdPrefixesList(), s.getSpec().getAnnotations().getName(), s.getId()))
                .forEach(answer::addServices);
        answer(observer, answer.build());
    }

    @Override
    public void createService(CreateServiceRequest request, StreamObserver<CreateServiceResponse> observer) {
        if (isRefused(request, observer)) {
            return;
        }
        Service created = Service.newBuilder().setId("created").setSpec(request.getSpec()).build();
        services.add(created);
        answer(observer, CreateServiceResponse.newBuilder().setService(created).build());
    }

    @Override
    public void updateService(UpdateServiceRequest request, StreamObserver<UpdateServiceResponse> observer) {
        if (isRefused(request, observer)) {
            return;
        }
        services.replaceAll(s -> s.getId().equals(request.getServiceId())
                ? s.toBuilder().setSpec(request.getSpec()).build()
                : s);
        find(services, s -> s.getId().equals(request.getServiceId()), "service", observer)
                .ifPresent(s -> answer(observer, UpdateServiceResponse.newBuilder().setService(s).build()));
    }

    @Override
    public void removeService(RemoveServiceRequest request, StreamObserver<RemoveServiceResponse> observer) {
        if (isRefused(request, observer)) {
            return;
        }
        services.removeIf(s -> s.getId().equals(request.getServiceId()));
        tasks.removeIf(t -> t.getServiceId().equals(request.getServiceId()));
        answer(observer, RemoveServiceResponse.getDefaultInstance());
    }

    @Override
    public void getTask(GetTaskRequest request, StreamObserver<GetTaskResponse> observer) {
        find(tasks, t -> t.getId().equals(request.getTaskId()), "task " + request.getTaskId(), observer)
                .ifPresent(t -> answer(observer, GetTaskResponse.newBuilder().setTask(t).build()));
    }

    @Override
    public void listTasks(ListTasksRequest request, StreamObserver<ListTasksResponse> observer) {
        ListTasksRequest.Filters by = request.getFilters();
        ListTasksResponse.Builder answer = ListTasksResponse.newBuilder();
        tasks.stream()
                .filter(t -> matches(List.of(), by.getIdPrefixesList(), "", t.getId()))
                .filter(t -> by.getServiceIdsCount() == 0 || by.getServiceIdsList().contains(t.getServiceId()))
                .filter(t -> by.getNodeIdsCount() == 0 || by.getNodeIdsList().contains(t.getNodeId()))
                .filter(t -> !by.getUpToDate() || !outdated.contains(t.getId()))
                .forEach(answer::addTasks);
        answer(observer, answer.build());
    }

    @Override
    public void removeTask(RemoveTaskRequest request, StreamObserver<RemoveTaskResponse> observer) {
        if (!isRefused(request, observer)) {
            answer(observer, RemoveTaskResponse.getDefaultInstance());
        }
    }

    @Override
    public void getNode(GetNodeRequest request, StreamObserver<GetNodeResponse> observer) {
        find(nodes, n -> n.getId().equals(request.getNodeId()), "node " + request.getNodeId(), observer)
                .ifPresent(n -> answer(observer, GetNodeResponse.newBuilder().setNode(n).build()));
    }

    @Override
    public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> observer) {
        ListNodesRequest.Filters by = request.getFilters();
        ListNodesResponse.Builder answer = ListNodesResponse.newBuilder();
        nodes.stream()
                .filter(n -> matches(
                        by.getNamesList(), by.getIdPrefixesList(), n.getDescription().getHostname(), n.getId()))
                .forEach(answer::addNodes);
        answer(observer, answer.build());
    }

    @Override
    public void updateNode(UpdateNodeRequest request, StreamObserver<UpdateNodeResponse> observer) {
        if (!isRefused(request, observer)) {
            answer(observer, UpdateNodeResponse.getDefaultInstance());
        }
    }

    @Override
    public void getCluster(GetClusterRequest request, StreamObserver<GetClusterResponse> observer) {
        find(clusters, c -> c.getId().equals(request.getClusterId()), "cluster " + request.getClusterId(), observer)
                .ifPresent(c -> answer(observer, GetClusterResponse.newBuilder().setCluster(c).build()));
    }

    @Override
    public void listClusters(ListClustersRequest request, StreamObserver<ListClustersResponse> observer) {
        ListClustersRequest.Filters by = request.getFilters();
        ListClustersResponse.Builder answer = ListClustersResponse.newBuilder();
        clusters.stream()
                .filter(c -> matches(
                        by.getNamesList(), by.getIdPrefixesList(), c.getSpec().getAnnotations().getName(), c.getId()))
                .forEach(answer::addClusters);
        answer(observer, answer.build());
    }

    @Override
    public void updateCluster(UpdateClusterRequest request, StreamObserver<UpdateClusterResponse> observer) {
        if (!isRefused(request, observer)) {
            answer(observer, UpdateClusterResponse.getDefaultInstance());
        }
    }

    @Override
    public void removeNode(RemoveNodeRequest request, StreamObserver<RemoveNodeResponse> observer) {
        if (!isRefused(request, observer)) {
            answer(observer, RemoveNodeResponse.getDefaultInstance());
        }
    }

    @Override
    public void getSecret(GetSecretRequest request, StreamObserver<GetSecretResponse> observer) {
        find(secrets, s -> s.getId().equals(request.getSecretId()), "secret", observer)
                .ifPresent(s -> answer(observer, GetSecretResponse.newBuilder().setSecret(s).build()));
    }

    @Override
    public void listSecrets(ListSecretsRequest request, StreamObserver<ListSecretsResponse> observer) {
        ListSecretsRequest.Filters by = request.getFilters();
        ListSecretsResponse.Builder answer = ListSecretsResponse.newBuilder();
        secrets.stream()
                .filter(s -> matches(
                        by.getNamesList(), by.getIdPrefixesList(), s.getSpec().getAnnotations().getName(), s.getId()))
                .forEach(answer::addSecrets);
        answer(observer, answer.build());
    }

    @Override
    public void createSecret(CreateSecretRequest request, StreamObserver<CreateSecretResponse> observer) {
        if (!isRefused(request, observer)) {
            answer(observer, CreateSecretResponse.newBuilder()
                    .setSecret(Secret.newBuilder().setId("created")).build());
        }
    }

    @Override
    public void updateSecret(UpdateSecretRequest request, StreamObserver<UpdateSecretResponse> observer) {
        if (!isRefused(request, observer)) {
            answer(observer, UpdateSecretResponse.getDefaultInstance());
        }
    }

    @Override
    public void removeSecret(RemoveSecretRequest request, StreamObserver<RemoveSecretResponse> observer) {
        if (!isRefused(request, observer)) {
            answer(observer, RemoveSecretResponse.getDefaultInstance());
        }
    }

    @Override
    public void getConfig(GetConfigRequest request, StreamObserver<GetConfigResponse> observer) {
        find(configs, c -> c.getId().equals(request.getConfigId()), "config", observer)
                .ifPresent(c -> answer(observer, GetConfigResponse.newBuilder().setConfig(c).build()));
    }

    @Override
    public void listConfigs(ListConfigsRequest request, StreamObserver<ListConfigsResponse> observer) {
        ListConfigsRequest.Filters by = request.getFilters();
        ListConfigsResponse.Builder answer = ListConfigsResponse.newBuilder();
        configs.stream()
                .filter(c -> matches(
                        by.getNamesList(), by.getIdPrefixesList(), c.getSpec().getAnnotations().getName(), c.getId()))
                .forEach(answer::addConfigs);
        answer(observer, answer.build());
    }

    @Override
    public void createConfig(CreateConfigRequest request, StreamObserver<CreateConfigResponse> observer) {
        if (!isRefused(request, observer)) {
            answer(observer, CreateConfigResponse.newBuilder()
                    .setConfig(Config.newBuilder().setId("created")).build());
        }
    }

    @Override
    public void updateConfig(UpdateConfigRequest request, StreamObserver<UpdateConfigResponse> observer) {
        if (!isRefused(request, observer)) {
            answer(observer, UpdateConfigResponse.getDefaultInstance());
        }
    }

    @Override
    public void removeConfig(RemoveConfigRequest request, StreamObserver<RemoveConfigResponse> observer) {
        if (!isRefused(request, observer)) {
            answer(observer, RemoveConfigResponse.getDefaultInstance());
        }
    }

    /** The only change that was asked for. */
    <T> T onlyChange(Class<T> type) {
        if (changes.size() != 1) {
            throw new AssertionError("expected one change, got " + changes);
        }
        return type.cast(changes.getFirst());
    }

    static Timestamp at(long seconds) {
        return Timestamp.newBuilder().setSeconds(seconds).build();
    }
}
