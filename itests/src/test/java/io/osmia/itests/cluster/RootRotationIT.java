package io.osmia.itests.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.CfsslServer;
import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.NodeLogs;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Pki;
import io.osmia.wire.swarmkit.ListClustersRequest;
import io.osmia.wire.swarmkit.RootCA;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.bouncycastle.asn1.x500.X500Name;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that changes the root that everybody in it trusts, and nodes that come late. */
@ExtendWith(NodeLogs.class)
class RootRotationIT {

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    @DisplayName("INT-010: waits for a node that is down and ends when it is back; INT-009: expired certificates after that")
    void theRotationWaitsForEveryNode() throws Exception {
        try (Cluster cluster = Cluster.in(dir)) {
            Node manager = cluster.found("m1");
            Node worker = cluster.joinWorker("w1");
            Node late = cluster.joinWorker("w2");
            String formerToken = cluster.tokens().getWorker();
            late.kill();

            Pki.Root root = Pki.Root.named("second");
            rotateTo(manager, root);
            awaitIssuer(manager, root);
            awaitIssuer(worker, root);
            assertThat(rootOf(manager).hasRootRotation()).as("w2 is down").isTrue();
            late.launch();
            awaitRotated(cluster, root);
            assertThat(cluster.tokens().getWorker()).isNotEqualTo(formerToken);
            cluster.awaitReady(late);
            cluster.joinWorker("w3");

            anExpiredWorkerRenews(cluster, late, root);
            anExpiredManagerNeedsToBeTold(cluster, manager, root);
        }
    }

    @Test
    @DisplayName("INT-011: several rotations in quick succession end at the last root; then a CA outside signs")
    void theLastRootWins() throws Exception {
        Pki.Root last = Pki.Root.named("last");
        try (Cluster cluster = Cluster.in(dir);
                CfsslServer outside = new CfsslServer(last)) {
            Node manager = cluster.found("m1");
            cluster.joinWorker("w1");
            ok(manager, "cluster", "update", "--rotate-ca");
            ok(manager, "cluster", "update", "--rotate-ca");
            rotateTo(manager, last);
            awaitRotated(cluster, last);

            ok(manager, "cluster", "update", "--external-ca", "protocol=cfssl,url=" + outside.url());
            Node signed = cluster.joinWorker("w2");
            // More than once where the first answer was too late for the manager that had asked.
            assertThat(outside.signed()).containsOnly(signed.id().orElseThrow());
        }
    }

    private static void anExpiredWorkerRenews(Cluster cluster, Node node, Pki.Root root) throws Exception {
        node.kill();
        expire(node, root);
        node.launch();
        Awaitility.await("a new certificate")
                .atMost(Cluster.BOUND)
                .until(() -> node.certificate().orElseThrow().getNotAfter().toInstant().isAfter(Instant.now()));
        cluster.awaitReady(node);
    }

    private static void anExpiredManagerNeedsToBeTold(Cluster cluster, Node manager, Pki.Root root) throws Exception {
        manager.kill();
        expire(manager, root);
        manager.flag("--expired-grace", "0").launch();
        assertThat(manager.awaitEnd(Cluster.BOUND)).isNotZero();
        assertThat(manager.logText()).contains("expired");
        manager.flag("--force-new-cluster").launch();
        cluster.awaitManager(manager);
        Awaitility.await("a new certificate")
                .atMost(Cluster.BOUND)
                .until(() -> manager.certificate().orElseThrow().getNotAfter().toInstant().isAfter(Instant.now()));
    }

    /** The same node, key and root; an hour past its end. */
    private static void expire(Node node, Pki.Root root) throws IOException {
        X509Certificate former = node.certificate().orElseThrow();
        X509Certificate expired = root.issue(
                X500Name.getInstance(former.getSubjectX500Principal().getEncoded()),
                former.getPublicKey(),
                Instant.now().minus(Duration.ofHours(3)),
                Duration.ofHours(2),
                "swarm-manager", "swarm-ca", node.id().orElseThrow());
        Files.writeString(node.stateDir().resolve("certificates/swarm-node.crt"), Pki.pem(expired));
    }

    private void rotateTo(Node manager, Pki.Root root) throws Exception {
        Path certificate = Files.writeString(dir.resolve("root.crt"), Pki.pem(root.certificate()));
        Path key = Files.writeString(dir.resolve("root.key"), Pki.pem(root.keys()));
        ok(manager, "cluster", "update", "--rotate-ca", "--ca-cert", certificate.toString(), "--ca-key",
                key.toString());
    }

    private static void awaitIssuer(Node node, Pki.Root root) {
        Awaitility.await(node.stateDir() + " has a certificate of the new root")
                .atMost(Cluster.BOUND)
                .until(() -> isOf(node.certificate().orElseThrow(), root));
    }

    private static boolean isOf(X509Certificate leaf, Pki.Root root) {
        try {
            leaf.verify(root.keys().getPublic());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** No rotation any more, and each node trusts this root alone. */
    private static void awaitRotated(Cluster cluster, Pki.Root root) {
        Awaitility.await("the rotation is over")
                .atMost(Cluster.BOUND)
                .until(() -> !rootOf(cluster.anyManager()).hasRootRotation());
        String pem = Pki.pem(root.certificate()).strip();
        assertThat(rootOf(cluster.anyManager()).getCaCert().toString(US_ASCII).strip())
                .isEqualToNormalizingNewlines(pem);
        for (Node node : cluster.nodes()) {
            awaitIssuer(node, root);
            Awaitility.await(node.stateDir() + " trusts the new root alone")
                    .atMost(Cluster.BOUND)
                    .until(() -> Files.readString(node.stateDir().resolve("certificates/swarm-root-ca.crt"))
                            .strip()
                            .equals(pem));
        }
    }

    private static RootCA rootOf(Node manager) {
        return manager.control()
                .listClusters(ListClustersRequest.getDefaultInstance())
                .getClusters(0)
                .getRootCa();
    }

    private static void ok(Node node, String... words) throws Exception {
        var result = node.cli(words);
        assertThat(result.code()).as(String.join(" ", words) + ": " + result.err()).isZero();
    }
}
