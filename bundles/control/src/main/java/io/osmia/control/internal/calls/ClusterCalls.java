package io.osmia.control.internal.calls;

import io.osmia.control.internal.rules.ClusterRules;
import io.osmia.control.internal.rules.Refusal;
import io.osmia.control.internal.support.SupportedFields;
import io.osmia.control.internal.support.Unsupported;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.GetClusterRequest;
import io.osmia.wire.swarmkit.GetClusterResponse;
import io.osmia.wire.swarmkit.JoinTokens;
import io.osmia.wire.swarmkit.KeyRotation;
import io.osmia.wire.swarmkit.ListClustersRequest;
import io.osmia.wire.swarmkit.ListClustersResponse;
import io.osmia.wire.swarmkit.UpdateClusterRequest;
import io.osmia.wire.swarmkit.UpdateClusterResponse;

/** Calls about the cluster object (rule 1.8). No answer holds a key. */
public final class ClusterCalls {

    private final StoreAccess store;
    private final JoinTokenSource tokens;

    public ClusterCalls(StoreAccess store, JoinTokenSource tokens) {
        this.store = store;
        this.tokens = tokens;
    }

    public GetClusterResponse get(GetClusterRequest request) {
        Cluster cluster = StoreAccess.existing(store.view(), Table.CLUSTERS, request.getClusterId());
        return GetClusterResponse.newBuilder()
                .setCluster(Redaction.cluster(cluster))
                .build();
    }

    public ListClustersResponse list(ListClustersRequest request) {
        ListClustersRequest.Filters filters = request.getFilters();
        return ListClustersResponse.newBuilder()
                .addAllClusters(new Selection<>(
                        Table.CLUSTERS, (Cluster cluster) -> cluster.getSpec().getAnnotations().getName())
                        .names(filters.getNamesList())
                        .namePrefixes(filters.getNamePrefixesList())
                        .idPrefixes(filters.getIdPrefixesList())
                        .labels(
                                filters.getLabelsMap(),
                                cluster -> cluster.getSpec().getAnnotations().getLabelsMap())
                        .from(store.view())
                        .stream()
                        .map(Redaction::cluster)
                        .toList())
                .build();
    }

    public UpdateClusterResponse update(UpdateClusterRequest request) {
        StoreAccess.need(!request.getClusterId().isEmpty() && request.hasClusterVersion() && request.hasSpec());
        Refusal.raise(ClusterRules.check(request.getSpec()));
        if (request.getRotation().getManagerUnlockKey()) {
            throw Refusal.notYet("rotation.manager_unlock_key").exception();
        }
        Cluster updated = store.write(tx -> update(tx, request));
        return UpdateClusterResponse.newBuilder()
                .setCluster(Redaction.cluster(updated))
                .build();
    }

    /** Rule 1.8.2, one transaction. */
    private Cluster update(Tx tx, UpdateClusterRequest request) {
        Cluster stored = StoreAccess.existing(tx, Table.CLUSTERS, request.getClusterId());
        StoreAccess.sameVersion(Table.CLUSTERS, stored, request.getClusterVersion());
        Refusal.raise(Unsupported.in(
                SupportedFields.CLUSTER, request.getSpec(), Redaction.cluster(stored).getSpec()));
        Cluster.Builder changed = Blacklist.purged(stored, store.now()).toBuilder();
        changed.setSpec(request.getSpec());
        changed.getRootCaBuilder()
                .setJoinTokens(rotated(stored.getRootCa().getJoinTokens(), request.getRotation()));
        return tx.update(Table.CLUSTERS, changed.build());
    }

    private JoinTokens rotated(JoinTokens stored, KeyRotation rotation) {
        JoinTokens.Builder rotated = stored.toBuilder();
        if (rotation.getWorkerJoinToken()) {
            rotated.setWorker(tokens.successor(stored.getWorker()));
        }
        if (rotation.getManagerJoinToken()) {
            rotated.setManager(tokens.successor(stored.getManager()));
        }
        return rotated.build();
    }
}
