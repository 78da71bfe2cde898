package io.osmia.control.internal.calls;

import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.GetClusterRequest;
import io.osmia.wire.swarmkit.GetClusterResponse;
import io.osmia.wire.swarmkit.ListClustersRequest;
import io.osmia.wire.swarmkit.ListClustersResponse;

/** The cluster object as it is shown (rule 1.8.3). No answer holds a key. */
public final class ClusterQueries {

    private final StoreAccess store;

    public ClusterQueries(StoreAccess store) {
        this.store = store;
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
}
