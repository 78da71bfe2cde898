package io.osmia.shell.internal.payload;

import com.google.protobuf.ByteString;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Summary;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.CreateSecretRequest;
import io.osmia.wire.swarmkit.ListSecretsRequest;
import io.osmia.wire.swarmkit.Meta;
import io.osmia.wire.swarmkit.RemoveSecretRequest;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.SecretSpec;
import io.osmia.wire.swarmkit.UpdateSecretRequest;
import java.util.List;

/** Secrets: a manager never gives their payload out (rule 1.7.3). */
final class Secrets implements PayloadKind<Secret> {

    @Override
    public String id(Secret secret) {
        return secret.getId();
    }

    @Override
    public Meta meta(Secret secret) {
        return secret.getMeta();
    }

    @Override
    public Annotations annotations(Secret secret) {
        return secret.getSpec().getAnnotations();
    }

    @Override
    public Secret find(Session session, String given) throws NotReachable {
        return new Lookup(session).secret(given);
    }

    @Override
    public List<Secret> list(Session session) throws NotReachable {
        return session.control().listSecrets(ListSecretsRequest.getDefaultInstance()).getSecretsList();
    }

    @Override
    public String create(Session session, Annotations annotations, ByteString data) throws NotReachable {
        return session.control()
                .createSecret(CreateSecretRequest.newBuilder()
                        .setSpec(SecretSpec.newBuilder().setAnnotations(annotations).setData(data))
                        .build())
                .getSecret()
                .getId();
    }

    @Override
    public void update(Session session, Secret secret, Annotations annotations) throws NotReachable {
        session.control()
                .updateSecret(UpdateSecretRequest.newBuilder()
                        .setSecretId(secret.getId())
                        .setSecretVersion(secret.getMeta().getVersion())
                        .setSpec(secret.getSpec().toBuilder().setAnnotations(annotations))
                        .build());
    }

    @Override
    public void remove(Session session, String id) throws NotReachable {
        session.control()
                .removeSecret(RemoveSecretRequest.newBuilder().setSecretId(id).build());
    }

    @Override
    public List<String> extraColumns() {
        return List.of("Driver");
    }

    @Override
    public List<String> extraCells(Secret secret) {
        return List.of(secret.getSpec().getDriver().getName());
    }

    @Override
    public void describe(Secret secret, Summary summary) {
        summary.optional("Driver", secret.getSpec().getDriver().getName());
    }

    @Override
    public String text(Secret secret) {
        return "";
    }
}
