package io.osmia.ca.internal.server;

import static io.osmia.ca.internal.server.LeadingCa.CLUSTER;
import static io.osmia.ca.internal.server.LeadingCa.MANAGER_TOKEN;
import static io.osmia.ca.internal.server.LeadingCa.START;
import static io.osmia.ca.internal.server.LeadingCa.WORKER_TOKEN;
import static io.osmia.ca.internal.server.LeadingCa.csr;
import static io.osmia.ca.internal.server.LeadingCa.stranger;
import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.osmia.ca.internal.Chain;
import io.osmia.ca.internal.Subject;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.IssuanceStatus.State;
import io.osmia.wire.swarmkit.IssueNodeCertificateRequest;
import io.osmia.wire.swarmkit.IssueNodeCertificateResponse;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeCertificateStatusResponse;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 7.7.3 to 7.7.7: from the request to the certificate. */
class IssuanceTest {

    private static final String NO_TOKEN = "INVALID_ARGUMENT A valid join token is necessary to join this cluster";

    private final LeadingCa ca = new LeadingCa();

    @Test
    @DisplayName("CA-009 CA-019")
    void aTokenMakesANodeOfItsRoleWithACertificate() {
        ca.signing();

        String manager = ca.join(MANAGER_TOKEN);
        String worker = ca.join(WORKER_TOKEN);
        ca.simulation.settle();

        assertThat(ca.chain(manager)).hasSize(1);
        assertThat(Subject.of(ca.chain(manager).getFirst())).isEqualTo(new Subject(manager, "swarm-manager", CLUSTER));
        assertThat(Subject.of(ca.chain(worker).getFirst())).isEqualTo(new Subject(worker, "swarm-worker", CLUSTER));
        Chain.check(ca.chain(worker), LeadingCa.ROOT.certificates(), START);
        Node node = ca.node(manager);
        assertThat(node.getRole()).isEqualTo(NodeRole.MANAGER);
        assertThat(node.getSpec().getDesiredRole()).isEqualTo(NodeRole.MANAGER);
        assertThat(node.getCertificate().getRole()).isEqualTo(NodeRole.MANAGER);
        assertThat(node.getCertificate().getCn()).isEqualTo(manager);
        assertThat(node.getCertificate().getStatus().getState()).isEqualTo(State.ISSUED);
        assertThat(node.getSpec().getMembership()).isEqualTo(NodeSpec.Membership.ACCEPTED);
        assertThat(node.getVXLANUDPPort()).isEqualTo(4790);
        assertThat(ca.node(worker).getRole()).isEqualTo(NodeRole.WORKER);
    }

    @Test
    void availabilityIsThatOfTheRequest() {
        IssueNodeCertificateResponse response = ca.issue(stranger(), IssueNodeCertificateRequest.newBuilder()
                .setCsr(csr())
                .setToken(WORKER_TOKEN)
                .setAvailability(NodeSpec.Availability.DRAIN)
                .build())
                .value();

        assertThat(response.getNodeMembership()).isEqualTo(NodeSpec.Membership.ACCEPTED);
        assertThat(ca.node(response.getNodeId()).getSpec().getAvailability()).isEqualTo(NodeSpec.Availability.DRAIN);
    }

    @Test
    @DisplayName("CA-009 CA-026")
    void withoutTheTokenOfThisClusterNobodyJoins() {
        String other = "SWMTKN-1-" + "1".repeat(50) + "-" + "0".repeat(25);

        for (String token : new String[] {"", "SWMTKN", "x" + WORKER_TOKEN, WORKER_TOKEN + "0", other}) {
            assertThat(ca.issue(stranger(), csr(), token).text()).isEqualTo(NO_TOKEN);
        }
        assertThat(ca.issue(stranger(), ByteString.EMPTY, WORKER_TOKEN).text())
                .isEqualTo("INVALID_ARGUMENT InvalidArgument");
        assertThat(ca.simulation.store().view().find(Table.NODES, By.ALL)).isEmpty();
    }

    @Test
    @DisplayName("CA-026")
    void afterTheRotationOfATokenOnlyTheNewOneIsTaken() {
        String rotated = WORKER_TOKEN.replaceAll(".$", "z");
        ca.update(cluster -> {
            var changed = cluster.toBuilder();
            changed.getRootCaBuilder().getJoinTokensBuilder().setWorker(rotated);
            return changed.build();
        });

        assertThat(ca.issue(stranger(), csr(), WORKER_TOKEN).text()).isEqualTo(NO_TOKEN);
        assertThat(ca.issue(stranger(), csr(), rotated).text()).isEqualTo("OK");
    }

    @Test
    @DisplayName("CA-026")
    void aClusterWithoutTokensLetsNobodyIn() {
        ca.update(cluster -> {
            var changed = cluster.toBuilder();
            changed.getRootCaBuilder().clearJoinTokens();
            return changed.build();
        });

        assertThat(ca.issue(stranger(), csr(), "").text()).isEqualTo(NO_TOKEN);
    }

    @Test
    @DisplayName("CA-024")
    void aCertificateOfAnotherClusterOrOfARemovedNodeIsNone() {
        ca.signing();
        String id = ca.join(WORKER_TOKEN);
        ca.simulation.settle();
        var elsewhere = new io.osmia.roles.Caller(id, "swarm-worker", "elsewhere", "192.0.2.1:1", false);

        assertThat(ca.issue(elsewhere, csr(), "").text()).isEqualTo(NO_TOKEN);
        ca.update(cluster -> cluster.toBuilder()
                .putBlacklistedCertificates(
                        id, io.osmia.wire.swarmkit.BlacklistedCertificate.getDefaultInstance())
                .build());
        assertThat(ca.issue(LeadingCa.node(id, "swarm-worker"), csr(), "").text()).isEqualTo(NO_TOKEN);
        assertThat(ca.state(id)).isEqualTo(State.ISSUED);
    }

    @Test
    @DisplayName("CA-025")
    void aRenewalKeepsTheIdentityWhateverTokenIsShown() {
        ca.signing();
        String id = ca.join(WORKER_TOKEN);
        ca.simulation.settle();
        X509Certificate former = ca.chain(id).getFirst();
        var forwarded = new io.osmia.roles.Caller(id, "swarm-worker", CLUSTER, "192.0.2.1:1", false, false, true);

        assertThat(ca.issue(forwarded, csr(), MANAGER_TOKEN).value().getNodeId()).isEqualTo(id);
        assertThat(ca.state(id)).isEqualTo(State.RENEW);
        ca.simulation.settle();

        assertThat(ca.chain(id).getFirst()).isNotEqualTo(former);
        assertThat(Subject.of(ca.chain(id).getFirst())).isEqualTo(Subject.of(former));
        assertThat(ca.simulation.store().view().count(Table.NODES)).isEqualTo(1);
    }

    @Test
    @DisplayName("CA-025")
    void aLocalCallRenewsTheManagerItself() {
        ca.signing();
        String id = ca.join(MANAGER_TOKEN);
        ca.simulation.settle();
        var local = new io.osmia.roles.Caller(id, "swarm-manager", CLUSTER, "@", true);

        assertThat(ca.issue(local, csr(), WORKER_TOKEN).value().getNodeId()).isEqualTo(id);
        ca.simulation.settle();

        assertThat(Subject.of(ca.chain(id).getFirst()).unit()).isEqualTo("swarm-manager");
    }

    @Test
    void whoseCertificateHasEndedMayRenew() {
        ca.signing();
        String id = ca.join(WORKER_TOKEN);
        var expired = new io.osmia.roles.Caller(id, "swarm-worker", CLUSTER, "192.0.2.1:1", false, true, false);

        assertThat(ca.issue(expired, csr(), "").value().getNodeId()).isEqualTo(id);
    }

    @Test
    void aRenewalHasTheRoleThatTheNodeHasAndNotTheDesiredOne() {
        ca.signing();
        String id = ca.join(WORKER_TOKEN);
        ca.update(id, node -> node.getSpecBuilder().setDesiredRole(NodeRole.MANAGER));

        ca.issue(LeadingCa.node(id, "swarm-worker"), csr(), "").value();
        ca.simulation.settle();
        assertThat(Subject.of(ca.chain(id).getFirst()).unit()).isEqualTo("swarm-worker");

        ca.update(id, node -> node.setRole(NodeRole.MANAGER));
        ca.issue(LeadingCa.node(id, "swarm-worker"), csr(), "").value();
        ca.simulation.settle();
        assertThat(Subject.of(ca.chain(id).getFirst()).unit()).isEqualTo("swarm-manager");
    }

    @Test
    @DisplayName("CA-051")
    void aNodeThatWasRemovedCannotRenew() {
        assertThat(ca.issue(LeadingCa.node("gone", "swarm-worker"), csr(), WORKER_TOKEN).text())
                .isEqualTo("NOT_FOUND node gone not found when attempting to renew certificate");
    }

    @Test
    @DisplayName("CA-012")
    void validityFollowsTheClusterLive() {
        ca.signing();
        ca.update(cluster -> {
            var changed = cluster.toBuilder();
            changed.getSpecBuilder()
                    .getCaConfigBuilder()
                    .setNodeCertExpiry(Duration.newBuilder().setSeconds(7200));
            return changed.build();
        });

        String id = ca.join(WORKER_TOKEN);
        ca.simulation.settle();

        assertThat(java.time.Duration.between(
                START, ca.chain(id).getFirst().getNotAfter().toInstant()))
                .isBetween(java.time.Duration.ofMinutes(119), java.time.Duration.ofMinutes(121));
    }

    @Test
    @DisplayName("CA-012")
    void noCertificateOutlivesTheRoot() {
        ca.signing();
        ca.update(cluster -> {
            var changed = cluster.toBuilder();
            changed.getSpecBuilder()
                    .getCaConfigBuilder()
                    .setNodeCertExpiry(Duration.newBuilder().setSeconds(Long.MAX_VALUE).setNanos(999_999_999));
            return changed.build();
        });

        String id = ca.join(WORKER_TOKEN);
        ca.simulation.settle();

        assertThat(ca.chain(id).getFirst().getNotAfter())
                .isEqualTo(LeadingCa.ROOT.certificates().getFirst().getNotAfter());
    }

    @Test
    @DisplayName("CA-020")
    void rotateAloneIssuesNothing() {
        ca.signing();
        String id = ca.join(WORKER_TOKEN);
        ca.simulation.settle();
        ByteString former = ca.certificate(id).getCertificate();

        ca.update(id, node -> node.getCertificateBuilder().getStatusBuilder().setState(State.ROTATE));
        ca.simulation.settle();

        assertThat(ca.state(id)).isEqualTo(State.ROTATE);
        assertThat(ca.certificate(id).getCertificate()).isEqualTo(former);
    }

    @Test
    @DisplayName("CA-021")
    void withoutASignerARequestWaitsUntilThereIsOne() {
        ca.signing();
        ca.update(cluster -> {
            var changed = cluster.toBuilder();
            changed.getRootCaBuilder().clearCaKey();
            return changed.build();
        });
        String id = ca.join(WORKER_TOKEN);
        ca.simulation.advance(java.time.Duration.ofMinutes(1));
        assertThat(ca.state(id)).isEqualTo(State.PENDING);

        ca.update(cluster -> cluster.toBuilder().setRootCa(LeadingCa.rootCa(LeadingCa.ROOT)).build());
        ca.simulation.settle();

        assertThat(ca.state(id)).isEqualTo(State.ISSUED);
    }

    @Test
    @DisplayName("CA-022")
    void whatIsNoRequestFailsWithTheReason() {
        ca.signing();
        String id = ca.issue(stranger(), ByteString.copyFromUtf8("garbage"), WORKER_TOKEN).value().getNodeId();
        Answer<NodeCertificateStatusResponse> asked = ca.status(id);
        ca.simulation.settle();

        assertThat(ca.state(id)).isEqualTo(State.FAILED);
        assertThat(ca.certificate(id).getStatus().getErr()).isEqualTo("a signing request is one PEM block, not 0");
        assertThat(asked.value().getStatus().getState()).isEqualTo(State.FAILED);
    }

    @Test
    void aNodeThatIsNotAcceptedWaits() {
        String id = ca.join(WORKER_TOKEN);
        ca.update(id, node -> node.getSpecBuilder().setMembership(NodeSpec.Membership.PENDING));
        ca.signing();
        ca.simulation.advance(java.time.Duration.ofMinutes(1));
        assertThat(ca.state(id)).isEqualTo(State.PENDING);

        ca.update(id, node -> node.getSpecBuilder().setMembership(NodeSpec.Membership.ACCEPTED));
        ca.simulation.settle();

        assertThat(ca.state(id)).isEqualTo(State.ISSUED);
    }

    @Test
    void whatWasAskedBeforeTheLeaderCameIsSignedAtItsStart() {
        String id = ca.join(WORKER_TOKEN);

        ca.signing().simulation.settle();

        assertThat(ca.state(id)).isEqualTo(State.ISSUED);
    }

    @Test
    void manyNodesAreSignedInFewTransactions() {
        for (int i = 0; i < 100; i++) {
            ca.join(WORKER_TOKEN);
        }
        long before = ca.simulation.store().view().version();

        ca.signing().simulation.settle();

        assertThat(ca.simulation.store().view().find(Table.NODES, By.ALL))
                .hasSize(100)
                .allMatch(node -> node.getCertificate().getStatus().getState() == State.ISSUED);
        assertThat(ca.simulation.store().view().version() - before).isEqualTo(4);
    }
}
