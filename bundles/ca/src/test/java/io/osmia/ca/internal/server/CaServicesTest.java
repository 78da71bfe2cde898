package io.osmia.ca.internal.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.osmia.ca.JoinToken;
import io.osmia.ca.RootCa;
import io.osmia.store.LocalStore;
import io.osmia.store.Store;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.ClusterSpec;
import io.osmia.wire.swarmkit.EncryptionConfig;
import io.osmia.wire.swarmkit.EncryptionKey;
import io.osmia.wire.swarmkit.GetRootCACertificateRequest;
import io.osmia.wire.swarmkit.GetUnlockKeyRequest;
import io.osmia.wire.swarmkit.GetUnlockKeyResponse;
import io.osmia.wire.swarmkit.RootCA;
import io.osmia.wire.swarmkit.RootRotation;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 7.7.1, 7.7.2 and 7.7.10. */
class CaServicesTest {

    private static final ByteString ROOT = ByteString.copyFromUtf8("root");

    private static Cluster cluster(boolean autolock) {
        return Cluster.newBuilder()
                .setId("cluster")
                .setRootCa(RootCA.newBuilder().setCaCert(ROOT).setCaKey(ByteString.copyFromUtf8("secret")))
                .setSpec(ClusterSpec.newBuilder()
                        .setEncryptionConfig(EncryptionConfig.newBuilder().setAutoLockManagers(autolock)))
                .addUnlockKeys(EncryptionKey.newBuilder()
                        .setSubsystem("swarm-manager")
                        .setKey(ByteString.copyFromUtf8("unlock")))
                .build();
    }

    private static Store storeOf(Cluster... clusters) {
        LocalStore store = new LocalStore(() -> Instant.EPOCH);
        for (Cluster cluster : clusters) {
            store.update(1, tx -> tx.create(Table.CLUSTERS, cluster));
        }
        return store;
    }

    private static GetUnlockKeyResponse unlockKey(Cluster cluster) {
        Answer<GetUnlockKeyResponse> answer = new Answer<>();
        new CaService(storeOf(cluster), "cluster").getUnlockKey(GetUnlockKeyRequest.getDefaultInstance(),
                answer);
        return Objects.requireNonNull(answer.value);
    }

    @Test
    void theRootIsThatOfTheClusterObject() {
        Answer<io.osmia.wire.swarmkit.GetRootCACertificateResponse> answer = new Answer<>();

        new CaService(storeOf(cluster(false)), "cluster")
                .getRootCACertificate(GetRootCACertificateRequest.getDefaultInstance(), answer);

        assertThat(Objects.requireNonNull(answer.value).getCertificate()).isEqualTo(ROOT);
    }

    @Test
    @DisplayName("CA-005")
    void aBundleIsGivenByteForByteSoThatTokensMatchItAndTheOldOneWhileRotating() {
        byte[] bundle = (new String(Roots.ecdsa(LeadingCa.START).certificatePem(), US_ASCII) + "\n"
                + new String(Roots.rsa(LeadingCa.START).certificatePem(), US_ASCII)).getBytes(US_ASCII);
        Cluster cluster = cluster(false).toBuilder()
                .setRootCa(RootCA.newBuilder()
                        .setCaCert(ByteString.copyFrom(bundle))
                        .setRootRotation(RootRotation.newBuilder().setCaCert(ROOT)))
                .build();
        Answer<io.osmia.wire.swarmkit.GetRootCACertificateResponse> answer = new Answer<>();

        new CaService(storeOf(cluster), "cluster")
                .getRootCACertificate(GetRootCACertificateRequest.getDefaultInstance(), answer);

        byte[] given = answer.value().getCertificate().toByteArray();
        assertThat(given).isEqualTo(bundle);
        assertThat("sha256:" + JoinToken.of(given, new byte[16]).rootDigest())
                .isEqualTo(RootCa.trusting(bundle).hash());
    }

    @Test
    void beforeTheClusterObjectThereIsNoAnswer() {
        Answer<io.osmia.wire.swarmkit.GetRootCACertificateResponse> answer = new Answer<>();

        new CaService(storeOf(), "cluster")
                .getRootCACertificate(GetRootCACertificateRequest.getDefaultInstance(), answer);

        assertThat(answer.text()).isEqualTo("ABORTED CA signer is still starting");
    }

    @Test
    @DisplayName("CA-027")
    void theUnlockKeyIsGivenOnlyWhenManagersAreLocked() {
        assertThat(unlockKey(cluster(true)).getUnlockKey().toStringUtf8()).isEqualTo("unlock");
        assertThat(unlockKey(cluster(false)).getUnlockKey().isEmpty()).isTrue();
        assertThat(unlockKey(cluster(false)).getVersion().getIndex()).isEqualTo(1);
    }
}
