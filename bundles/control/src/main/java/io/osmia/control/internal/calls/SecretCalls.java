package io.osmia.control.internal.calls;

import io.osmia.control.internal.rules.Refusal;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.CreateSecretRequest;
import io.osmia.wire.swarmkit.CreateSecretResponse;
import io.osmia.wire.swarmkit.GetSecretRequest;
import io.osmia.wire.swarmkit.GetSecretResponse;
import io.osmia.wire.swarmkit.ListSecretsRequest;
import io.osmia.wire.swarmkit.ListSecretsResponse;
import io.osmia.wire.swarmkit.RemoveSecretRequest;
import io.osmia.wire.swarmkit.RemoveSecretResponse;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.UpdateSecretRequest;
import io.osmia.wire.swarmkit.UpdateSecretResponse;

/** Calls about secrets (rule 1.7); none can be made yet. No answer holds the payload. */
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
        throw Refusal.notYet("CreateSecret").exception();
    }

    public UpdateSecretResponse update(UpdateSecretRequest request) {
        StoreAccess.existing(store.view(), Table.SECRETS, request.getSecretId(), NO_ID);
        throw Refusal.notYet("UpdateSecret").exception();
    }

    public RemoveSecretResponse remove(RemoveSecretRequest request) {
        StoreAccess.toRemove(store.view(), Table.SECRETS, request.getSecretId(), NO_ID);
        throw Refusal.notYet("RemoveSecret").exception();
    }
}
