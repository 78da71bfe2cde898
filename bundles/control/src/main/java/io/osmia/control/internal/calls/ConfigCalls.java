package io.osmia.control.internal.calls;

import io.osmia.control.internal.rules.PayloadRules;
import io.osmia.control.internal.rules.Refusal;
import io.osmia.control.internal.support.SupportedFields;
import io.osmia.control.internal.support.Unsupported;
import io.osmia.store.By;
import io.osmia.store.StoreException;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.Config;
import io.osmia.wire.swarmkit.ConfigSpec;
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

/** Calls about configs (rule 1.7). */
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
        Refusal.raise(PayloadRules.check(request.getSpec()));
        Refusal.raise(Unsupported.in(SupportedFields.CONFIG, request.getSpec()));
        Config made = Config.newBuilder()
                .setId(store.ids().next())
                .setSpec(request.getSpec())
                .build();
        Config created = store.write(tx -> create(tx, made));
        return CreateConfigResponse.newBuilder().setConfig(created).build();
    }

    private static Config create(Tx tx, Config made) {
        try {
            return tx.create(Table.CONFIGS, made);
        } catch (StoreException refused) {
            throw refused.reason() == StoreException.Reason.NAME_CONFLICT
                    ? Refusal.exists("config " + made.getSpec().getAnnotations().getName() + " already exists")
                            .exception()
                    : refused;
        }
    }

    public UpdateConfigResponse update(UpdateConfigRequest request) {
        Config updated = store.write(tx -> update(tx, request));
        return UpdateConfigResponse.newBuilder().setConfig(updated).build();
    }

    /** Rule 1.7.4: only the labels; data that is not given is not to be changed. */
    private static Config update(Tx tx, UpdateConfigRequest request) {
        Config stored = StoreAccess.existing(tx, Table.CONFIGS, request.getConfigId(), NO_ID);
        StoreAccess.need(request.hasConfigVersion() && request.hasSpec());
        ConfigSpec wanted = request.getSpec();
        boolean sameName = wanted.getAnnotations()
                .getName()
                .equals(stored.getSpec().getAnnotations().getName());
        boolean sameData = wanted.getData().isEmpty()
                || wanted.getData().equals(stored.getSpec().getData());
        if (!sameName || !sameData) {
            throw Refusal.invalid("only updates to Labels are allowed").exception();
        }
        StoreAccess.sameVersion(Table.CONFIGS, stored, request.getConfigVersion());
        Config.Builder changed = stored.toBuilder();
        changed.getSpecBuilder()
                .getAnnotationsBuilder()
                .clearLabels()
                .putAllLabels(wanted.getAnnotations().getLabelsMap());
        return tx.update(Table.CONFIGS, changed.build());
    }

    /** Rule 1.7.6. */
    public RemoveConfigResponse remove(RemoveConfigRequest request) {
        store.write(tx -> {
            Config stored = StoreAccess.toRemove(tx, Table.CONFIGS, request.getConfigId(), NO_ID);
            Refusal.raise(Usage.objection("config", stored.getSpec().getAnnotations(),
                    tx.find(Table.SERVICES, By.config(stored.getId()))));
            tx.delete(Table.CONFIGS, stored.getId());
            return stored;
        });
        return RemoveConfigResponse.getDefaultInstance();
    }
}
