package io.osmia.shell.internal.command;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.osmia.shell.NotReachable;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.Config;
import io.osmia.wire.swarmkit.GetClusterRequest;
import io.osmia.wire.swarmkit.GetConfigRequest;
import io.osmia.wire.swarmkit.GetNodeRequest;
import io.osmia.wire.swarmkit.GetSecretRequest;
import io.osmia.wire.swarmkit.GetServiceRequest;
import io.osmia.wire.swarmkit.GetTaskRequest;
import io.osmia.wire.swarmkit.ListClustersRequest;
import io.osmia.wire.swarmkit.ListConfigsRequest;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListSecretsRequest;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import java.util.Optional;

/** Objects by full id, by name, by a prefix of the id that no other has (rule 10.1.4). */
public final class Lookup {

    private final Session session;

    public Lookup(Session session) {
        this.session = session;
    }

    private interface Call<T> {
        T make() throws NotReachable;
    }

    public Service service(String given) throws NotReachable {
        return one("service", given,
                () -> session.control()
                        .getService(GetServiceRequest.newBuilder().setServiceId(given).build()).getService(),
                () -> services(ListServicesRequest.Filters.newBuilder().addNames(given)),
                () -> services(ListServicesRequest.Filters.newBuilder().addIdPrefixes(given)));
    }

    private List<Service> services(ListServicesRequest.Filters.Builder filters) throws NotReachable {
        return session.control()
                .listServices(ListServicesRequest.newBuilder().setFilters(filters).build())
                .getServicesList();
    }

    public Node node(String given) throws NotReachable {
        return one("node", given,
                () -> session.control().getNode(GetNodeRequest.newBuilder().setNodeId(given).build()).getNode(),
                () -> nodes(ListNodesRequest.Filters.newBuilder().addNames(given)),
                () -> nodes(ListNodesRequest.Filters.newBuilder().addIdPrefixes(given)));
    }

    private List<Node> nodes(ListNodesRequest.Filters.Builder filters) throws NotReachable {
        return session.control()
                .listNodes(ListNodesRequest.newBuilder().setFilters(filters).build())
                .getNodesList();
    }

    /** A task also answers to {@code service.slot}, as lists show it, while it should run. */
    public Task task(String given) throws NotReachable {
        return one("task", given,
                () -> session.control().getTask(GetTaskRequest.newBuilder().setTaskId(given).build()).getTask(),
                () -> tasksInSlot(given),
                () -> tasks(ListTasksRequest.Filters.newBuilder().addIdPrefixes(given)));
    }

    private List<Task> tasks(ListTasksRequest.Filters.Builder filters) throws NotReachable {
        return session.control()
                .listTasks(ListTasksRequest.newBuilder().setFilters(filters).build())
                .getTasksList();
    }

    private List<Task> tasksInSlot(String given) throws NotReachable {
        int dot = given.lastIndexOf('.');
        if (dot < 0) {
            return List.of();
        }
        List<Service> services =
                services(ListServicesRequest.Filters.newBuilder().addNames(given.substring(0, dot)));
        if (services.size() != 1) {
            return List.of();
        }
        return tasks(ListTasksRequest.Filters.newBuilder().addServiceIds(services.getFirst().getId())).stream()
                .filter(Tasks::isWanted)
                .filter(task -> Long.toUnsignedString(task.getSlot()).equals(given.substring(dot + 1)))
                .toList();
    }

    public Cluster cluster(String given) throws NotReachable {
        return one("cluster", given,
                () -> session.control()
                        .getCluster(GetClusterRequest.newBuilder().setClusterId(given).build()).getCluster(),
                () -> clusters(ListClustersRequest.Filters.newBuilder().addNames(given)),
                () -> clusters(ListClustersRequest.Filters.newBuilder().addIdPrefixes(given)));
    }

    private List<Cluster> clusters(ListClustersRequest.Filters.Builder filters) throws NotReachable {
        return session.control()
                .listClusters(ListClustersRequest.newBuilder().setFilters(filters).build())
                .getClustersList();
    }

    public Secret secret(String given) throws NotReachable {
        return one("secret", given,
                () -> session.control().getSecret(GetSecretRequest.newBuilder().setSecretId(given).build()).getSecret(),
                () -> secrets(ListSecretsRequest.Filters.newBuilder().addNames(given)),
                () -> secrets(ListSecretsRequest.Filters.newBuilder().addIdPrefixes(given)));
    }

    private List<Secret> secrets(ListSecretsRequest.Filters.Builder filters) throws NotReachable {
        return session.control()
                .listSecrets(ListSecretsRequest.newBuilder().setFilters(filters).build())
                .getSecretsList();
    }

    public Config config(String given) throws NotReachable {
        return one("config", given,
                () -> session.control().getConfig(GetConfigRequest.newBuilder().setConfigId(given).build()).getConfig(),
                () -> configs(ListConfigsRequest.Filters.newBuilder().addNames(given)),
                () -> configs(ListConfigsRequest.Filters.newBuilder().addIdPrefixes(given)));
    }

    private List<Config> configs(ListConfigsRequest.Filters.Builder filters) throws NotReachable {
        return session.control()
                .listConfigs(ListConfigsRequest.newBuilder().setFilters(filters).build())
                .getConfigsList();
    }

    private static <T> T one(String kind, String given, Call<T> byId, Call<List<T>> byName, Call<List<T>> byPrefix)
            throws NotReachable {
        if (given.isEmpty()) {
            throw Failure.usage("an empty word is no " + kind);
        }
        Optional<T> exact = get(byId);
        if (exact.isPresent()) {
            return exact.get();
        }
        List<T> found = byName.make();
        if (found.isEmpty()) {
            found = byPrefix.make();
        }
        if (found.isEmpty()) {
            throw Failure.refused(kind + " " + given + " not found; 'osmia " + kind + " ls' shows what there is");
        }
        if (found.size() > 1) {
            throw Failure.refused(kind + " " + given + " is ambiguous (" + found.size()
                    + " matches found); give more of the id");
        }
        return found.getFirst();
    }

    private static <T> Optional<T> get(Call<T> byId) throws NotReachable {
        try {
            return Optional.of(byId.make());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND
                    || e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
