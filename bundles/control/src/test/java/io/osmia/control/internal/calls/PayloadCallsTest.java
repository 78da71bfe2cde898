package io.osmia.control.internal.calls;

import static io.osmia.control.internal.TestCluster.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import com.google.protobuf.ByteString;
import io.osmia.control.internal.TestCluster;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Config;
import io.osmia.wire.swarmkit.ConfigReference;
import io.osmia.wire.swarmkit.ConfigSpec;
import io.osmia.wire.swarmkit.CreateConfigRequest;
import io.osmia.wire.swarmkit.CreateSecretRequest;
import io.osmia.wire.swarmkit.RemoveConfigRequest;
import io.osmia.wire.swarmkit.RemoveSecretRequest;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.SecretReference;
import io.osmia.wire.swarmkit.SecretSpec;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.UpdateConfigRequest;
import io.osmia.wire.swarmkit.UpdateSecretRequest;
import io.osmia.wire.swarmkit.Version;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rule 1.7: secrets and configs. */
@DisplayName("API-027")
class PayloadCallsTest {

    private static final String BAD_NAME = "INVALID_ARGUMENT: invalid name, only 64 [a-zA-Z0-9-_.] characters allowed,"
            + " and the start and end character must be [a-zA-Z0-9]";
    private static final String SECRET_SIZE =
            "INVALID_ARGUMENT: secret data must be larger than 0 and less than 512000 bytes";
    private static final String CONFIG_SIZE =
            "INVALID_ARGUMENT: config data must be larger than 0 and less than 1024000 bytes";

    private final TestCluster cluster = new TestCluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    private static SecretSpec.Builder secretSpec(String name, String data) {
        SecretSpec.Builder spec = SecretSpec.newBuilder().setData(ByteString.copyFromUtf8(data));
        spec.getAnnotationsBuilder().setName(name);
        return spec;
    }

    private static ConfigSpec.Builder configSpec(String name, String data) {
        ConfigSpec.Builder spec = ConfigSpec.newBuilder().setData(ByteString.copyFromUtf8(data));
        spec.getAnnotationsBuilder().setName(name);
        return spec;
    }

    private Secret create(SecretSpec.Builder spec) {
        return cluster.api
                .createSecret(CreateSecretRequest.newBuilder().setSpec(spec).build())
                .getSecret();
    }

    private Config create(ConfigSpec.Builder spec) {
        return cluster.api
                .createConfig(CreateConfigRequest.newBuilder().setSpec(spec).build())
                .getConfig();
    }

    @ParameterizedTest(name = "[{0}]")
    @CsvSource({
        "''    , INVALID_ARGUMENT: name must be provided",
        ".a    , bad",
        "a.    , bad",
        "a b   , bad",
        "a/b   , bad",
        "'ä'   , bad",
        "12345678901234567890123456789012345678901234567890123456789012345, bad"
    })
    void badNamesAreRefused(String name, String refusal) {
        String expected = refusal.equals("bad") ? BAD_NAME : refusal;

        assertThat(refusalOf(() -> create(secretSpec(name, "x")))).isEqualTo(expected);
        assertThat(refusalOf(() -> create(configSpec(name, "x")))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"a", "A.b-c_d9", "0", "1234567890123456789012345678901234567890123456789012345678901234"})
    void goodNamesAreTaken(String name) {
        assertThat(create(secretSpec(name, "x")).getSpec().getAnnotations().getName()).isEqualTo(name);
        assertThat(create(configSpec(name, "x")).getSpec().getAnnotations().getName()).isEqualTo(name);
    }

    @Test
    void thePayloadHasALimit() {
        assertThat(refusalOf(() -> create(secretSpec("a", "")))).isEqualTo(SECRET_SIZE);
        assertThat(refusalOf(() -> create(secretSpec("a", "x".repeat(512_000))))).isEqualTo(SECRET_SIZE);
        assertThat(refusalOf(() -> create(configSpec("a", "")))).isEqualTo(CONFIG_SIZE);
        assertThat(refusalOf(() -> create(configSpec("a", "x".repeat(1_024_000))))).isEqualTo(CONFIG_SIZE);
        create(secretSpec("a", "x".repeat(511_999)));
        create(configSpec("a", "x".repeat(1_023_999)));
    }

    @ParameterizedTest
    @MethodSource
    void whatNobodyDoesYetIsRefused(String refusal, Consumer<SecretSpec.Builder> change) {
        SecretSpec.Builder spec = secretSpec("a", "x");
        change.accept(spec);
        assertThat(refusalOf(() -> create(spec))).isEqualTo(refusal);
    }

    static Stream<Arguments> whatNobodyDoesYetIsRefused() {
        return Stream.of(
                secret("INVALID_ARGUMENT: secret driver must have a name", spec -> spec.getDriverBuilder()),
                secret(
                        "UNIMPLEMENTED: spec.driver is not supported yet",
                        spec -> spec.getDriverBuilder().setName("vault")),
                secret(
                        "UNIMPLEMENTED: spec.templating is not supported yet",
                        spec -> spec.getTemplatingBuilder().setName("golang")));
    }

    private static Arguments secret(String refusal, Consumer<SecretSpec.Builder> change) {
        return arguments(refusal, change);
    }

    @Test
    void aTemplatedConfigIsRefused() {
        ConfigSpec.Builder spec = configSpec("a", "x");
        spec.getTemplatingBuilder().setName("golang");

        assertThat(refusalOf(() -> create(spec))).isEqualTo("UNIMPLEMENTED: spec.templating is not supported yet");
    }

    @Test
    void theSecretItselfIsNeverShownAndTheConfigIs() {
        Secret secret = create(secretSpec("a", "hidden"));
        Config config = create(configSpec("a", "shown"));

        assertThat(secret.getSpec().getData()).isEmpty();
        assertThat(cluster.get(Table.SECRETS, secret.getId()).getSpec().getData().toStringUtf8())
                .isEqualTo("hidden");
        assertThat(config.getSpec().getData().toStringUtf8()).isEqualTo("shown");
    }

    @Test
    void namesAreUnique() {
        create(secretSpec("a", "x"));
        create(configSpec("a", "x"));

        assertThat(refusalOf(() -> create(secretSpec("a", "y")))).isEqualTo("ALREADY_EXISTS: secret a already exists");
        assertThat(refusalOf(() -> create(configSpec("a", "y")))).isEqualTo("ALREADY_EXISTS: config a already exists");
    }

    @Test
    void onlyLabelsOfASecretChange() {
        Secret secret = create(secretSpec("a", "x"));
        SecretSpec.Builder labelled = secretSpec("a", "");
        labelled.getAnnotationsBuilder().putLabels("l", "v");

        Secret updated = update(secret, labelled);

        assertThat(updated.getSpec().getAnnotations().getLabelsMap()).containsEntry("l", "v");
        assertThat(updated.getSpec().getData()).isEmpty();
        assertThat(cluster.get(Table.SECRETS, secret.getId()).getSpec().getData().toStringUtf8())
                .isEqualTo("x");
        String refusal = "INVALID_ARGUMENT: only updates to Labels are allowed";
        assertThat(refusalOf(() -> update(updated, secretSpec("b", "x")))).isEqualTo(refusal);
        assertThat(refusalOf(() -> update(updated, secretSpec("a", "y")))).isEqualTo(refusal);
        assertThat(refusalOf(() -> update(secret, labelled))).isEqualTo("UNKNOWN: update out of sequence");
        assertThat(refusalOf(() -> cluster.api.updateSecret(UpdateSecretRequest.newBuilder()
                .setSecretId(secret.getId())
                .setSpec(labelled)
                .build())))
                .isEqualTo("INVALID_ARGUMENT: invalid argument");
    }

    private Secret update(Secret secret, SecretSpec.Builder spec) {
        Version version = secret.getMeta().getVersion();
        return cluster.api
                .updateSecret(UpdateSecretRequest.newBuilder()
                        .setSecretId(secret.getId())
                        .setSecretVersion(version)
                        .setSpec(spec)
                        .build())
                .getSecret();
    }

    @Test
    void onlyLabelsOfAConfigChange() {
        Config config = create(configSpec("a", "x"));
        ConfigSpec.Builder labelled = configSpec("a", "x");
        labelled.getAnnotationsBuilder().putLabels("l", "v");

        Config updated = update(config, labelled);

        assertThat(updated.getSpec()).isEqualTo(labelled.build());
        String refusal = "INVALID_ARGUMENT: only updates to Labels are allowed";
        assertThat(refusalOf(() -> update(updated, configSpec("b", "x")))).isEqualTo(refusal);
        assertThat(refusalOf(() -> update(updated, configSpec("a", "y")))).isEqualTo(refusal);
        assertThat(refusalOf(() -> update(config, labelled))).isEqualTo("UNKNOWN: update out of sequence");
    }

    private Config update(Config config, ConfigSpec.Builder spec) {
        return cluster.api
                .updateConfig(UpdateConfigRequest.newBuilder()
                        .setConfigId(config.getId())
                        .setConfigVersion(config.getMeta().getVersion())
                        .setSpec(spec)
                        .build())
                .getConfig();
    }

    private void service(String name, Secret secret, Config config) {
        ServiceSpec.Builder spec = TestCluster.spec(name);
        spec.getTaskBuilder()
                .getContainerBuilder()
                .addSecrets(SecretReference.newBuilder().setSecretId(secret.getId()))
                .addConfigs(ConfigReference.newBuilder().setConfigId(config.getId()));
        cluster.put(Table.SERVICES, Service.newBuilder().setId(name).setSpec(spec).build());
    }

    @Test
    void whatIsInUseStays() {
        Secret secret = create(secretSpec("s", "x"));
        Config config = create(configSpec("c", "x"));
        service("web", secret, config);

        assertThat(refusalOf(() -> remove(secret)))
                .isEqualTo("INVALID_ARGUMENT: secret 's' is in use by the following service: web");
        service("zap", secret, config);
        assertThat(refusalOf(() -> remove(secret)))
                .isEqualTo("INVALID_ARGUMENT: secret 's' is in use by the following services: web, zap");
        assertThat(refusalOf(() -> remove(config)))
                .isEqualTo("INVALID_ARGUMENT: config 'c' is in use by the following services: web, zap");
        assertThat(cluster.store.view().count(Table.SECRETS)).isEqualTo(1);
        assertThat(cluster.store.view().count(Table.CONFIGS)).isEqualTo(1);
    }

    @Test
    void whatNobodyUsesGoes() {
        remove(create(secretSpec("s", "x")));
        remove(create(configSpec("c", "x")));

        assertThat(cluster.store.view().count(Table.SECRETS)).isZero();
        assertThat(cluster.store.view().count(Table.CONFIGS)).isZero();
    }

    private void remove(Secret secret) {
        cluster.api.removeSecret(
                RemoveSecretRequest.newBuilder().setSecretId(secret.getId()).build());
    }

    private void remove(Config config) {
        cluster.api.removeConfig(
                RemoveConfigRequest.newBuilder().setConfigId(config.getId()).build());
    }
}
