package io.osmia.control.internal.calls;

import io.osmia.control.internal.rules.PayloadRules;
import io.osmia.control.internal.rules.Refusal;
import io.osmia.control.internal.support.SupportedFields;
import io.osmia.control.internal.support.Unsupported;
import io.osmia.store.By;
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
import java.util.Map;

/** Calls about configs (rule 1.7). */
public final class ConfigCalls {

    private final StoreAccess store;
    private final Payloads<Config> configs;

    public ConfigCalls(StoreAccess store) {
        this.store = store;
        this.configs = new Payloads<>(
                store,
                new Payloads.Kind<>(
                        Table.CONFIGS,
                        config -> config.getSpec().getAnnotations(),
                        config -> config.getSpec().getData(),
                        ConfigCalls::labelled,
                        By::config));
    }

    private static Config labelled(Config config, Map<String, String> labels) {
        Config.Builder changed = config.toBuilder();
        changed.getSpecBuilder().getAnnotationsBuilder().clearLabels().putAllLabels(labels);
        return changed.build();
    }

    public GetConfigResponse get(GetConfigRequest request) {
        Config config = configs.get(request.getConfigId());
        return GetConfigResponse.newBuilder().setConfig(config).build();
    }

    public ListConfigsResponse list(ListConfigsRequest request) {
        ListConfigsRequest.Filters filters = request.getFilters();
        return ListConfigsResponse.newBuilder()
                .addAllConfigs(configs
                        .list(
                                filters.getNamesList(),
                                filters.getNamePrefixesList(),
                                filters.getIdPrefixesList(),
                                filters.getLabelsMap())
                        .toList())
                .build();
    }

    public CreateConfigResponse create(CreateConfigRequest request) {
        StoreAccess.need(request.hasSpec());
        Refusal.raise(PayloadRules.check(request.getSpec()));
        Refusal.raise(Unsupported.in(SupportedFields.CONFIG, request.getSpec()));
        Config created = configs.create(Config.newBuilder()
                .setId(store.ids().next())
                .setSpec(request.getSpec())
                .build());
        return CreateConfigResponse.newBuilder().setConfig(created).build();
    }

    public UpdateConfigResponse update(UpdateConfigRequest request) {
        Config updated = configs.update(
                request.getConfigId(),
                request.hasConfigVersion() && request.hasSpec(),
                request.getConfigVersion(),
                request.getSpec().getAnnotations(),
                request.getSpec().getData());
        return UpdateConfigResponse.newBuilder().setConfig(updated).build();
    }

    public RemoveConfigResponse remove(RemoveConfigRequest request) {
        configs.remove(request.getConfigId());
        return RemoveConfigResponse.getDefaultInstance();
    }
}
