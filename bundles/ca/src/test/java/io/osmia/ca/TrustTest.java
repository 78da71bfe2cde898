package io.osmia.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.PrivateKeys;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rule 7.6.6, and whose certificates are let in. */
class TrustTest {

    @TempDir
    Path directory;

    private final Instant founded = Instant.now().minus(Duration.ofDays(30));
    private Instant now = founded;
    private NodeCertificates node;
    private RootCa root;

    @BeforeEach
    void aManager() {
        Queue<String> ids = new ArrayDeque<>(List.of("node1", "cluster1"));
        KeyOptions options = new KeyOptions(Optional.empty(), false, false, Duration.ofDays(7));
        node = NodeCertificates.loadOrCreate(directory, ids::remove, () -> now, options);
        root = RootCa.signing(
                node.rootKeyMaterial().certPem(), node.rootKeyMaterial().keyPem());
        now = Instant.now();
    }

    private X509Certificate[] signed(RootCa by, Duration endedBefore) {
        return signed(by, endedBefore, PrivateKeys.generate());
    }

    /** A certificate of two hours that ended so long ago. */
    private X509Certificate[] signed(RootCa by, Duration endedBefore, KeyPair pair) {
        Duration validity = Duration.ofHours(2);
        byte[] chain = by.sign(
                pair.getPublic(), "other", "swarm-worker", "cluster1", validity,
                now.minus(endedBefore).minus(validity));
        return Certificates.parse(chain).toArray(X509Certificate[]::new);
    }

    private static void refuses(X509ExtendedTrustManager manager, X509Certificate... chain) {
        assertThatThrownBy(() -> manager.checkClientTrusted(chain, "EC")).isInstanceOf(CertificateException.class);
    }

    @Test
    @DisplayName("CA-047")
    void anotherRootChangesWhomClientsAndServersTrust() throws Exception {
        RootCa next = RootCa.create(founded);
        X509Certificate[] ofNext = signed(next, Duration.ofHours(-1));
        refuses(node.trustManager(), ofNext);
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(root.certificatePem());
        both.writeBytes(next.certificatePem());
        AtomicInteger told = new AtomicInteger();
        node.onChange(told::incrementAndGet);

        assertThat(node.trust(both.toByteArray())).isTrue();

        node.trustManager().checkClientTrusted(ofNext, "EC");
        node.renewalTrustManager().checkClientTrusted(ofNext, "EC");
        node.trustManager().checkServerTrusted(ofNext, "UNKNOWN");
        assertThat(node.trustManager().getAcceptedIssuers()).hasSize(2);
        assertThat(directory.resolve("swarm-root-ca.crt")).hasBinaryContent(both.toByteArray());
        assertThat(node.trust(both.toByteArray())).isFalse();
        assertThat(told).hasValue(1);
    }

    @Test
    @DisplayName("CA-047, AGT-004")
    void aRootThatHasNotSignedTheOwnCertificateIsRefused() {
        byte[] stranger = RootCa.create(founded).certificatePem();

        assertThatThrownBy(() -> node.trust(stranger))
                .isInstanceOf(CaException.class)
                .hasMessageStartingWith("new root CA does not match existing TLS credentials");

        assertThat(node.rootPem()).isEqualTo(root.certificatePem());
        assertThat(directory.resolve("swarm-root-ca.crt")).hasBinaryContent(root.certificatePem());
        assertThatThrownBy(() -> node.trust(new byte[0])).isInstanceOf(CaException.class);
    }

    @Test
    void aClientMayComeToRenewUntilTheGraceIsOver() throws Exception {
        X509Certificate[] late = signed(root, Duration.ofDays(6));
        X509Certificate[] tooLate = signed(root, Duration.ofDays(8));

        node.renewalTrustManager().checkClientTrusted(late, "EC");
        refuses(node.renewalTrustManager(), tooLate);
        refuses(node.trustManager(), late);
        assertThatThrownBy(() -> node.renewalTrustManager().checkServerTrusted(late, "UNKNOWN"))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void alsoALateClientMustBeOfThisCluster() {
        refuses(node.renewalTrustManager(), signed(RootCa.create(founded), Duration.ofDays(1)));
    }

    /** A node's own certificate signs nothing, late or not. */
    @Test
    void aCertificateSignedByANodeIsWorthNothing() {
        KeyPair pair = PrivateKeys.generate();
        X509Certificate[] issuer = signed(root, Duration.ofDays(1), pair);
        X509Certificate forged = io.osmia.ca.internal.Issuer.leaf(
                issuer[0],
                pair.getPrivate(),
                PrivateKeys.generate().getPublic(),
                new io.osmia.ca.internal.Subject("evil", "swarm-manager", "cluster1"),
                Duration.ofHours(2),
                now.minus(Duration.ofDays(1)).minus(Duration.ofHours(2)));

        refuses(node.renewalTrustManager(), forged, issuer[0]);
    }
}
