package io.osmia.control.internal.calls;

import io.osmia.control.internal.rules.PayloadRules;
import io.osmia.control.internal.rules.Refusal;
import io.osmia.control.internal.support.SupportedFields;
import io.osmia.control.internal.support.Unsupported;
import io.osmia.store.By;
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
import java.util.Map;

/** Calls about secrets (rule 1.7). No answer holds the payload. */
public final class SecretCalls {

    private final StoreAccess store;
    private final Payloads<Secret> secrets;

    public SecretCalls(StoreAccess store) {
        this.store = store;
        this.secrets = new Payloads<>(
                store,
                new Payloads.Kind<>(
                        Table.SECRETS,
                        secret -> secret.getSpec().getAnnotations(),
                        secret -> secret.getSpec().getData(),
                        SecretCalls::labelled,
                        By::secret));
    }

    private static Secret labelled(Secret secret, Map<String, String> labels) {
        Secret.Builder changed = secret.toBuilder();
        changed.getSpecBuilder().getAnnotationsBuilder().clearLabels().putAllLabels(labels);
        return changed.build();
    }

    public GetSecretResponse get(GetSecretRequest request) {
        Secret secret = secrets.get(request.getSecretId());
        return GetSecretResponse.newBuilder().setSecret(Redaction.secret(secret)).build();
    }

    public ListSecretsResponse list(ListSecretsRequest request) {
        ListSecretsRequest.Filters filters = request.getFilters();
        return ListSecretsResponse.newBuilder()
                .addAllSecrets(secrets
                        .list(
                                filters.getNamesList(),
                                filters.getNamePrefixesList(),
                                filters.getIdPrefixesList(),
                                filters.getLabelsMap())
                        .filter(secret -> !secret.getInternal())
                        .map(Redaction::secret)
                        .toList())
                .build();
    }

    public CreateSecretResponse create(CreateSecretRequest request) {
        StoreAccess.need(request.hasSpec());
        Refusal.raise(PayloadRules.check(request.getSpec()));
        Refusal.raise(Unsupported.in(SupportedFields.SECRET, request.getSpec()));
        Secret created = secrets.create(Secret.newBuilder()
                .setId(store.ids().next())
                .setSpec(request.getSpec())
                .build());
        return CreateSecretResponse.newBuilder().setSecret(Redaction.secret(created)).build();
    }

    public UpdateSecretResponse update(UpdateSecretRequest request) {
        Secret updated = secrets.update(
                request.getSecretId(),
                request.hasSecretVersion() && request.hasSpec(),
                request.getSecretVersion(),
                request.getSpec().getAnnotations(),
                request.getSpec().getData());
        return UpdateSecretResponse.newBuilder().setSecret(Redaction.secret(updated)).build();
    }

    public RemoveSecretResponse remove(RemoveSecretRequest request) {
        secrets.remove(request.getSecretId());
        return RemoveSecretResponse.getDefaultInstance();
    }
}
