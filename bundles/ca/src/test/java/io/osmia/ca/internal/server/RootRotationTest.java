package io.osmia.ca.internal.server;

import static io.osmia.ca.internal.server.LeadingCa.CLUSTER;
import static io.osmia.ca.internal.server.LeadingCa.START;
import static io.osmia.ca.internal.server.LeadingCa.TERM;
import static io.osmia.ca.internal.server.LeadingCa.WORKER_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.osmia.ca.JoinToken;
import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Chain;
import io.osmia.store.By;
import io.osmia.store.Change;
import io.osmia.store.Commit;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import io.osmia.wire.swarmkit.CAConfig;
import io.osmia.wire.swarmkit.IssuanceStatus;
import io.osmia.wire.swarmkit.IssuanceStatus.State;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeDescription;
import io.osmia.wire.swarmkit.NodeTLSInfo;
import io.osmia.wire.swarmkit.RootCA;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 7.10.5 to 7.10.8 and 12.3.10. */
class RootRotationTest {

    private static final Duration ROUND = Duration.ofSeconds(3);

    private final LeadingCa ca = new LeadingCa();

    private void reconciling() {
        ca.simulation.add("rotation",
                new RootRotationReconciler(ca.simulation.store(), TERM, CLUSTER, new SecureRandom()));
    }

    /** As a client does with force_rotate; the root that the cluster is to go to. */
    private RootCa rotate() {
        RootCA root = ca.cluster().getRootCa();
        CAConfig wanted = CAConfig.newBuilder().setForceRotate(root.getLastForcedRotation() + 1).build();
        RootCA next = RootChange.next(root, wanted, new NoExternalCas(), START);
        ca.update(cluster -> cluster.toBuilder().setRootCa(next).build());
        return RootCa.signing(
                next.getRootRotation().getCaCert().toByteArray(), next.getRootRotation().getCaKey().toByteArray());
    }

    private void create(String id, State state, @Nullable RootCa issuer) {
        Node.Builder node = Node.newBuilder().setId(id);
        node.getCertificateBuilder().setStatus(IssuanceStatus.newBuilder().setState(state));
        if (issuer != null) {
            node.setDescription(described(issuer.certificates().getFirst()));
        }
        ca.simulation.store().update(TERM, tx -> tx.create(Table.NODES, node.build()));
    }

    private static NodeDescription.Builder described(X509Certificate issuer) {
        return NodeDescription.newBuilder()
                .setTlsInfo(NodeTLSInfo.newBuilder()
                        .setCertIssuerSubject(ByteString.copyFrom(
                                issuer.getSubjectX500Principal().getEncoded()))
                        .setCertIssuerPublicKey(ByteString.copyFrom(issuer.getPublicKey().getEncoded())));
    }

    private void describe(String id, RootCa issuer) {
        ca.update(id, node -> node.setDescription(described(issuer.certificates().getFirst()))
                .getCertificateBuilder()
                .setStatus(IssuanceStatus.newBuilder().setState(State.ISSUED)));
    }

    private List<String> rotatingNodes() {
        return ca.simulation.store().view().find(Table.NODES, By.ALL).stream()
                .filter(node -> node.getCertificate().getStatus().getState() == State.ROTATE)
                .map(Node::getId)
                .toList();
    }

    private long version() {
        return ca.simulation.store().view().version();
    }

    @Test
    @DisplayName("CA-030")
    void nodesThatDoNotSayTheirIssuerAreToldUnlessTheyAreOnTheirWay() {
        for (State state : List.of(State.UNKNOWN, State.RENEW, State.PENDING, State.ISSUED, State.FAILED)) {
            create(state.name(), state, null);
        }
        reconciling();

        rotate();
        ca.simulation.settle();

        assertThat(rotatingNodes()).containsExactly("FAILED", "ISSUED", "UNKNOWN");
        assertThat(ca.state("RENEW")).isEqualTo(State.RENEW);
        assertThat(ca.state("PENDING")).isEqualTo(State.PENDING);
    }

    @Test
    @DisplayName("CA-031")
    void onlyNodesWithAnotherIssuerAreToldAlsoNewOnes() {
        reconciling();
        create("behind", State.ISSUED, LeadingCa.ROOT);
        RootCa next = rotate();
        create("there", State.ISSUED, next);
        ca.simulation.advance(ROUND);
        assertThat(rotatingNodes()).containsExactly("behind");

        create("new", State.ISSUED, LeadingCa.ROOT);
        ca.simulation.advance(ROUND);

        assertThat(rotatingNodes()).containsExactly("behind", "new");
    }

    @Test
    @DisplayName("CA-031")
    void anIssuerOfTheSameNameIsAnotherWhenItsKeyIs() {
        reconciling();
        RootCa next = rotate();
        assertThat(next.certificates().getFirst().getSubjectX500Principal())
                .isEqualTo(LeadingCa.ROOT.certificates().getFirst().getSubjectX500Principal());
        create("behind", State.ISSUED, LeadingCa.ROOT);

        ca.simulation.settle();

        assertThat(rotatingNodes()).containsExactly("behind");
    }

    @Test
    @DisplayName("CA-034")
    void aRotationFromBeforeTheLeaderCameIsTakenUpAtItsStart() {
        create("behind", State.ISSUED, LeadingCa.ROOT);
        rotate();

        reconciling();
        ca.simulation.settle();

        assertThat(rotatingNodes()).containsExactly("behind");
    }

    @Test
    @DisplayName("CA-035")
    void nothingIsWrittenWhenAllAreOnTheirWayOrNothingRotates() {
        create("behind", State.ISSUED, LeadingCa.ROOT);
        reconciling();
        long before = version();
        ca.simulation.advance(Duration.ofMinutes(1));
        assertThat(version()).isEqualTo(before);

        rotate();
        ca.simulation.settle();
        before = version();
        ca.simulation.advance(Duration.ofMinutes(1));

        assertThat(version()).isEqualTo(before);
    }

    @Test
    @DisplayName("CA-037")
    void manyNodesAreToldAFewAtATime() {
        IntStream.range(0, 100).forEach(i -> create("node" + i, State.ISSUED, LeadingCa.ROOT));
        reconciling();
        rotate();

        ca.simulation.settle();
        assertThat(rotatingNodes()).hasSize(30);
        ca.simulation.advance(ROUND.minusMillis(1));
        assertThat(rotatingNodes()).hasSize(30);
        rotate();
        ca.simulation.settle();
        assertThat(rotatingNodes()).hasSize(30);
        ca.simulation.advance(Duration.ofMillis(1));
        assertThat(rotatingNodes()).hasSize(60);
        ca.simulation.advance(ROUND.multipliedBy(2));
        assertThat(rotatingNodes()).hasSize(100);
    }

    @Test
    void whenAllHaveArrivedTheNewRootIsTheOnlyOneAndTokensAreNew() {
        create("a", State.ISSUED, LeadingCa.ROOT);
        create("b", State.ISSUED, LeadingCa.ROOT);
        reconciling();
        RootCa next = rotate();
        ca.simulation.settle();

        describe("a", next);
        ca.simulation.advance(ROUND);
        assertThat(ca.cluster().getRootCa().hasRootRotation()).isTrue();
        describe("b", next);
        ca.simulation.advance(ROUND);

        RootCA root = ca.cluster().getRootCa();
        assertThat(root.hasRootRotation()).isFalse();
        assertThat(root.getCaCert().toByteArray()).isEqualTo(next.certificatePem());
        assertThat(root.getCaKey().toByteArray()).isEqualTo(next.keyPem());
        assertThat(root.getCaCertHash()).isEqualTo(next.hash());
        assertThat(root.getLastForcedRotation()).isEqualTo(1);
        assertThat("sha256:" + JoinToken.parse(root.getJoinTokens().getWorker()).rootDigest()).isEqualTo(next.hash());
        assertThat("sha256:" + JoinToken.parse(root.getJoinTokens().getManager()).rootDigest())
                .isEqualTo(next.hash());
        assertThat(root.getJoinTokens().getWorker()).isNotEqualTo(root.getJoinTokens().getManager());
        long after = version();
        ca.simulation.advance(Duration.ofMinutes(1));
        assertThat(version()).isEqualTo(after);
    }

    @Test
    void aNodeThatIsGoneBlocksUntilItIsRemoved() {
        create("gone", State.ISSUED, LeadingCa.ROOT);
        reconciling();
        rotate();
        ca.simulation.advance(Duration.ofHours(1));
        assertThat(ca.cluster().getRootCa().hasRootRotation()).isTrue();

        ca.simulation.store().update(TERM, tx -> {
            tx.delete(Table.NODES, "gone");
            return true;
        });
        ca.simulation.advance(ROUND);

        assertThat(ca.cluster().getRootCa().hasRootRotation()).isFalse();
    }

    @Test
    @DisplayName("CA-032")
    void anotherRootOnTheWayIsTheOneToGoTo() {
        create("a", State.ISSUED, LeadingCa.ROOT);
        reconciling();
        RootCa former = rotate();
        ca.simulation.settle();
        RootCa newest = rotate();
        describe("a", former);

        ca.simulation.advance(ROUND);
        assertThat(rotatingNodes()).containsExactly("a");
        assertThat(ca.cluster().getRootCa().hasRootRotation()).isTrue();
        describe("a", newest);
        ca.simulation.advance(ROUND);

        assertThat(ca.cluster().getRootCa().getCaCertHash()).isEqualTo(newest.hash());
    }

    @Test
    @DisplayName("CA-032")
    void aRootThatChangesWhileTheLastOneIsStoredStopsThat() {
        create("a", State.ISSUED, LeadingCa.ROOT);
        RootCa former = rotate();
        describe("a", former);
        View seen = ca.simulation.store().view();
        RootCa newest = rotate();
        RootRotationReconciler late = new RootRotationReconciler(
                new LaggingStore(ca.simulation.store(), seen), TERM, CLUSTER, new SecureRandom());

        late.start(seen, START);
        late.tick(START);

        RootCA root = ca.cluster().getRootCa();
        assertThat(root.getRootRotation().getCaCert().toByteArray()).isEqualTo(newest.certificatePem());
        assertThat(root.getCaCertHash()).isEqualTo(LeadingCa.ROOT.hash());
    }

    @Test
    @DisplayName("CA-036")
    void competingReconcilersArriveAtTheLastRoot() {
        IntStream.range(0, 70).forEach(i -> ca.join(WORKER_TOKEN));
        ca.signing();
        ca.simulation.add("agents", new RenewingAgents(ca));
        reconciling();
        reconciling();
        ca.simulation.settle();
        rotate();
        ca.simulation.advance(ROUND);
        rotate();
        ca.simulation.advance(ROUND.dividedBy(2));
        RootCa last = rotate();

        ca.simulation.advance(ROUND.multipliedBy(6));

        assertThat(ca.cluster().getRootCa().hasRootRotation()).isFalse();
        assertThat(ca.cluster().getRootCa().getCaCertHash()).isEqualTo(last.hash());
    }

    @Test
    @DisplayName("CA-014 CA-029")
    void whileRotatingCertificatesVerifyUnderBothRoots() {
        ca.signing();
        RootCa next = rotate();
        String id = ca.join(WORKER_TOKEN);
        ca.simulation.settle();

        assertThat(ca.chain(id)).hasSize(2);
        Chain.check(ca.chain(id), LeadingCa.ROOT.certificates(), START);
        Chain.check(ca.chain(id), next.certificates(), START);
        assertThat(ca.chain(id).get(1).getPublicKey())
                .isEqualTo(next.certificates().getFirst().getPublicKey());
    }

    /** Nodes that renew when they are told to, and say afterwards who has issued their certificate. */
    private static final class RenewingAgents implements Reactor {

        private final LeadingCa ca;

        RenewingAgents(LeadingCa ca) {
            this.ca = ca;
        }

        @Override
        public void start(View view, Instant now) {}

        @Override
        public void commit(Commit commit, Instant now) {
            for (Change<?> change : commit.changes()) {
                if (change.object() instanceof Node node) {
                    act(node);
                }
            }
        }

        private void act(Node node) {
            switch (ca.state(node.getId())) {
                case ROTATE -> ca.issue(LeadingCa.node(node.getId(), "swarm-worker"), LeadingCa.csr(), "");
                case ISSUED -> say(node.getId());
                default -> {}
            }
        }

        private void say(String id) {
            List<X509Certificate> chain = ca.chain(id);
            X509Certificate issuer = chain.size() > 1
                    ? chain.get(1)
                    : LeadingCa.ROOT.certificates().getFirst();
            NodeDescription said = described(issuer).build();
            if (!ca.node(id).getDescription().equals(said)) {
                ca.update(id, changed -> changed.setDescription(said));
            }
        }

        @Override
        public void tick(Instant now) {}

        @Override
        public @Nullable Instant deadline() {
            return null;
        }
    }
}
