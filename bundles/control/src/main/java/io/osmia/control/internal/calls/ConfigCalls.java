package io.osmia.control.internal.calls;

import io.osmia.control.internal.rules.Refusal;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Config;
import io.osmia.wire.swarmkit.CreateConfigRequest;
import io.osmia.wire.swarmkit.CreateConfigResponse;
import io.osmia.wire.swarmkit.GetConfigRequest;
import io.osmia.wire.swarmkit.GetConfigResponse;
import io.osmia.wire.swarmkit.ListConfigsRequest;
import io.osmia.wire.swarmkit.ListConfigsResponse;
import io.osmia.wire.swarmkit.RemoveConfigRequest;
import io.osmia.wire.swarmkit.RemoveConfigResponse;
import io.osmia.wire.swarmkit.UpdateConfigRequest;
import io.osmia.wire.swarmkit.UpdateConfigResponse;

/** Calls about configs (rule 1.7); none can be made yet. */
public final class ConfigCalls {

    private static final Refusal NO_ID = Refusal.invalid("config ID must be provided");

    private final StoreAccess store;

    public ConfigCalls(StoreAccess store) {
        this.store = store;
    }

    public GetConfigResponse get(GetConfigRequest request) {
        Config config = StoreAccess.existing(store.view(), Table.CONFIGS, request.getConfigId(), NO_ID);
        return GetConfigResponse.newBuilder().setConfig(config).build();
    }

    public ListConfigsResponse list(ListConfigsRequest request) {
        ListConfigsRequest.Filters filters = request.getFilters();
        return ListConfigsResponse.newBuilder()
                .addAllConfigs(store
                        .view()
                        .find(
                                Table.CONFIGS,
                                Union.of(
                                        filters.getNamesList(),
                                        filters.getNamePrefixesList(),
                                        filters.getIdPrefixesList()))
                        .stream()
                        .filter(config -> Selection.hasAll(
                                config.getSpec().getAnnotations().getLabelsMap(), filters.getLabelsMap()))
                        .toList())
                .build();
    }

    public CreateConfigResponse create(CreateConfigRequest request) {
        StoreAccess.need(request.hasSpec());
        throw Refusal.notYet("CreateConfig").exception();
    }

    public UpdateConfigResponse update(UpdateConfigRequest request) {
        StoreAccess.existing(store.view(), Table.CONFIGS, request.getConfigId(), NO_ID);
        throw Refusal.notYet("UpdateConfig").exception();
    }

    public RemoveConfigResponse remove(RemoveConfigRequest request) {
        StoreAccess.toRemove(store.view(), Table.CONFIGS, request.getConfigId(), NO_ID);
        throw Refusal.notYet("RemoveConfig").exception();
    }
}
