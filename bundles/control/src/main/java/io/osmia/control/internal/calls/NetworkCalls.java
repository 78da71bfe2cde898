package io.osmia.control.internal.calls;

import io.osmia.control.internal.rules.Refusal;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.CreateNetworkRequest;
import io.osmia.wire.swarmkit.CreateNetworkResponse;
import io.osmia.wire.swarmkit.GetNetworkRequest;
import io.osmia.wire.swarmkit.GetNetworkResponse;
import io.osmia.wire.swarmkit.ListNetworksRequest;
import io.osmia.wire.swarmkit.ListNetworksResponse;
import io.osmia.wire.swarmkit.Network;
import io.osmia.wire.swarmkit.RemoveNetworkRequest;
import io.osmia.wire.swarmkit.RemoveNetworkResponse;

/** Calls about networks (rule 1.6); none can be made yet. */
public final class NetworkCalls {

    private final StoreAccess store;

    public NetworkCalls(StoreAccess store) {
        this.store = store;
    }

    public GetNetworkResponse get(GetNetworkRequest request) {
        return GetNetworkResponse.newBuilder()
                .setNetwork(StoreAccess.existing(store.view(), Table.NETWORKS, request.getNetworkId()))
                .build();
    }

    public ListNetworksResponse list(ListNetworksRequest request) {
        ListNetworksRequest.Filters filters = request.getFilters();
        return ListNetworksResponse.newBuilder()
                .addAllNetworks(new Selection<>(
                        Table.NETWORKS, (Network network) -> network.getSpec().getAnnotations().getName())
                        .names(filters.getNamesList())
                        .namePrefixes(filters.getNamePrefixesList())
                        .idPrefixes(filters.getIdPrefixesList())
                        .labels(
                                filters.getLabelsMap(),
                                network -> network.getSpec().getAnnotations().getLabelsMap())
                        .from(store.view()))
                .build();
    }

    public CreateNetworkResponse create(CreateNetworkRequest request) {
        StoreAccess.need(request.hasSpec());
        throw Refusal.notYet("CreateNetwork").exception();
    }

    public RemoveNetworkResponse remove(RemoveNetworkRequest request) {
        StoreAccess.existing(store.view(), Table.NETWORKS, request.getNetworkId());
        throw Refusal.notYet("RemoveNetwork").exception();
    }
}
