package io.osmia.control.internal.calls;

import io.osmia.control.internal.rules.PayloadRules;
import io.osmia.control.internal.rules.Refusal;
import io.osmia.control.internal.support.SupportedFields;
import io.osmia.control.internal.support.Unsupported;
import io.osmia.store.By;
import io.osmia.store.StoreException;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.CreateSecretRequest;
import io.osmia.wire.swarmkit.CreateSecretResponse;
import io.osmia.wire.swarmkit.GetSecretRequest;
import io.osmia.wire.swarmkit.GetSecretResponse;
import io.osmia.wire.swarmkit.ListSecretsRequest;
import io.osmia.wire.swarmkit.ListSecretsResponse;
import io.osmia.wire.swarmkit.RemoveSecretRequest;
import io.osmia.wire.swarmkit.RemoveSecretResponse;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.SecretSpec;
import io.osmia.wire.swarmkit.UpdateSecretRequest;
import io.osmia.wire.swarmkit.UpdateSecretResponse;

/** Calls about secrets (rule 1.7). No answer holds the payload. */
public final class SecretCalls {

    private static final Refusal NO_ID = Refusal.invalid("secret ID must be provided");

    private final StoreAccess store;

    public SecretCalls(StoreAccess store) {
        this.store = store;
    }

    public GetSecretResponse get(GetSecretRequest request) {
        Secret secret = StoreAccess.existing(store.view(), Table.SECRETS, request.getSecretId(), NO_ID);
        return GetSecretResponse.newBuilder().setSecret(Redaction.secret(secret)).build();
    }

    public ListSecretsResponse list(ListSecretsRequest request) {
        ListSecretsRequest.Filters filters = request.getFilters();
        return ListSecretsResponse.newBuilder()
                .addAllSecrets(store
                        .view()
                        .find(
                                Table.SECRETS,
                                Union.of(
                                        filters.getNamesList(),
                                        filters.getNamePrefixesList(),
                                        filters.getIdPrefixesList()))
                        .stream()
                        .filter(secret -> Selection.hasAll(
                                secret.getSpec().getAnnotations().getLabelsMap(), filters.getLabelsMap()))
                        .filter(secret -> !secret.getInternal())
                        .map(Redaction::secret)
                        .toList())
                .build();
    }

    public CreateSecretResponse create(CreateSecretRequest request) {
        StoreAccess.need(request.hasSpec());
        Refusal.raise(PayloadRules.check(request.getSpec()));
        Refusal.raise(Unsupported.in(SupportedFields.SECRET, request.getSpec()));
        Secret made = Secret.newBuilder()
                .setId(store.ids().next())
                .setSpec(request.getSpec())
                .build();
        Secret created = store.write(tx -> create(tx, made));
        return CreateSecretResponse.newBuilder().setSecret(Redaction.secret(created)).build();
    }

    private static Secret create(Tx tx, Secret made) {
        try {
            return tx.create(Table.SECRETS, made);
        } catch (StoreException refused) {
            throw refused.reason() == StoreException.Reason.NAME_CONFLICT
                    ? Refusal.exists("secret " + made.getSpec().getAnnotations().getName() + " already exists")
                            .exception()
                    : refused;
        }
    }

    public UpdateSecretResponse update(UpdateSecretRequest request) {
        Secret updated = store.write(tx -> update(tx, request));
        return UpdateSecretResponse.newBuilder().setSecret(Redaction.secret(updated)).build();
    }

    /** Rule 1.7.4: only the labels; data that is not given is not to be changed. */
    private static Secret update(Tx tx, UpdateSecretRequest request) {
        Secret stored = StoreAccess.existing(tx, Table.SECRETS, request.getSecretId(), NO_ID);
        StoreAccess.need(request.hasSecretVersion() && request.hasSpec());
        SecretSpec wanted = request.getSpec();
        boolean sameName = wanted.getAnnotations()
                .getName()
                .equals(stored.getSpec().getAnnotations().getName());
        boolean sameData = wanted.getData().isEmpty()
                || wanted.getData().equals(stored.getSpec().getData());
        if (!sameName || !sameData) {
            throw Refusal.invalid("only updates to Labels are allowed").exception();
        }
        StoreAccess.sameVersion(Table.SECRETS, stored, request.getSecretVersion());
        Secret.Builder changed = stored.toBuilder();
        changed.getSpecBuilder()
                .getAnnotationsBuilder()
                .clearLabels()
                .putAllLabels(wanted.getAnnotations().getLabelsMap());
        return tx.update(Table.SECRETS, changed.build());
    }

    /** Rule 1.7.6. */
    public RemoveSecretResponse remove(RemoveSecretRequest request) {
        store.write(tx -> {
            Secret stored = StoreAccess.toRemove(tx, Table.SECRETS, request.getSecretId(), NO_ID);
            Refusal.raise(Usage.objection("secret", stored.getSpec().getAnnotations(),
                    tx.find(Table.SERVICES, By.secret(stored.getId()))));
            tx.delete(Table.SECRETS, stored.getId());
            return stored;
        });
        return RemoveSecretResponse.getDefaultInstance();
    }
}
