package io.osmia.ca.internal.server;

import static io.osmia.ca.internal.server.LeadingCa.CLUSTER;
import static io.osmia.ca.internal.server.LeadingCa.WORKER_TOKEN;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Certificates;
import io.osmia.ca.internal.Chain;
import io.osmia.ca.internal.Identity;
import io.osmia.ca.internal.Issuer;
import io.osmia.ca.internal.OwnKeyManager;
import io.osmia.ca.internal.PrivateKeys;
import io.osmia.wire.swarmkit.CAConfig;
import io.osmia.wire.swarmkit.ExternalCA;
import io.osmia.wire.swarmkit.IssuanceStatus.State;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.RootCA;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 7.7.7, 7.7.9 and 7.11.2, against a server that speaks CFSSL over TLS. */
class ExternalSigningTest {

    /** TLS asks the machine for the time. */
    private static final Instant NOW = Instant.now();

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final RootCa ROOT = RootCa.create(NOW);
    private static final RootCa NEXT = RootCa.create(NOW);
    private static final KeyPair PAIR = PrivateKeys.generate();

    private final LeadingCa ca = new LeadingCa();
    private final CfsslServer server = server(ROOT);
    private final OwnKeyManager own = new OwnKeyManager(manager());
    private final Cfssl cfssl = new Cfssl(own, PATIENCE);

    private static CfsslServer server(RootCa root) {
        return new CfsslServer(
                new String(root.certificatePem(), US_ASCII),
                new String(root.keyPem(), US_ASCII),
                new String(ROOT.certificatePem(), US_ASCII));
    }

    private static Identity manager() {
        byte[] chain = ROOT.sign(Issuer.request(PAIR), "m", "swarm-manager", CLUSTER, Duration.ofDays(1), NOW);
        return new Identity(ROOT.certificatePem(), ROOT.certificates(), Certificates.parse(chain), PAIR.getPrivate());
    }

    @BeforeEach
    void aClusterOfThatRoot() {
        configure(LeadingCa.rootCa(ROOT), external(server, ROOT));
        ca.signing((authority, order, outcome) -> outcome.accept(authority.signExternally(order, CLUSTER, cfssl)));
    }

    @AfterEach
    void close() {
        cfssl.close();
        server.close();
    }

    private static ExternalCA external(CfsslServer server, RootCa root) {
        return ExternalCA.newBuilder()
                .setUrl(server.url())
                .setCaCert(ByteString.copyFrom(root.certificatePem()))
                .build();
    }

    private void configure(RootCA root, ExternalCA... external) {
        ca.update(cluster -> {
            var changed = cluster.toBuilder().setRootCa(root);
            changed.getSpecBuilder().setCaConfig(CAConfig.newBuilder().addAllExternalCas(List.of(external)));
            return changed.build();
        });
    }

    private String join() {
        String id = ca.join(WORKER_TOKEN);
        ca.simulation.settle();
        return id;
    }

    @Test
    @DisplayName("CA-029")
    void anExternalCaOfTheRootSignsBeforeTheKeyDoes() {
        String id = join();

        assertThat(ca.state(id)).isEqualTo(State.ISSUED);
        assertThat(server.requests()).hasSize(1);
        assertThat(ca.chain(id)).hasSize(1);
        Chain.check(ca.chain(id), ROOT.certificates(), NOW);
    }

    @Test
    @DisplayName("CA-029")
    void oneThatComesOrGoesIsSeenLive() {
        configure(LeadingCa.rootCa(ROOT));
        assertThat(ca.state(join())).isEqualTo(State.ISSUED);
        assertThat(server.requests()).isEmpty();

        configure(LeadingCa.rootCa(ROOT), external(server, ROOT));
        assertThat(ca.state(join())).isEqualTo(State.ISSUED);

        assertThat(server.requests()).hasSize(1);
    }

    @Test
    @DisplayName("CA-029")
    void whileRotatingOnlyThoseOfTheNewRootSignAndTheIntermediateFollows() {
        RootCA rotating = RootChange.next(
                LeadingCa.rootCa(ROOT),
                CAConfig.newBuilder()
                        .setSigningCaCert(ByteString.copyFrom(NEXT.certificatePem()))
                        .setSigningCaKey(ByteString.copyFrom(NEXT.keyPem()))
                        .build(),
                new NoExternalCas(),
                NOW);
        CfsslServer next = server(NEXT);
        try (next) {
            configure(rotating, external(server, ROOT));
            String local = join();
            configure(rotating, external(server, ROOT), external(next, NEXT));
            String external = join();

            assertThat(server.requests()).isEmpty();
            assertThat(next.requests()).hasSize(1);
            // The server outside goes by another clock.
            verifiesUnderBoth(local, LeadingCa.START);
            verifiesUnderBoth(external, NOW);
        }
    }

    private void verifiesUnderBoth(String id, Instant now) {
        assertThat(ca.chain(id)).hasSize(2);
        Chain.check(ca.chain(id), NEXT.certificates(), now);
        Chain.check(ca.chain(id), ROOT.certificates(), now);
    }

    @Test
    @DisplayName("CA-021")
    void whatFailsForNowIsTriedAgainEveryTenSeconds() {
        server.tamper(reply -> new CfsslServer.Reply(503, "busy"));
        String id = join();
        assertThat(ca.state(id)).isEqualTo(State.PENDING);

        ca.simulation.advance(TEN_SECONDS.minusMillis(1));
        assertThat(server.requests()).hasSize(1);
        ca.simulation.advance(Duration.ofMillis(1));
        assertThat(server.requests()).hasSize(2);
        server.tamper(reply -> reply);
        ca.simulation.advance(TEN_SECONDS);

        assertThat(ca.state(id)).isEqualTo(State.ISSUED);
        ca.simulation.advance(Duration.ofMinutes(1));
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    @DisplayName("CA-021")
    void aRequestThatWaitsIsSignedByTheKeyWhenTheExternalCaIsTakenAway() {
        server.tamper(reply -> new CfsslServer.Reply(503, "busy"));
        String id = join();

        configure(LeadingCa.rootCa(ROOT));
        ca.simulation.settle();

        assertThat(ca.state(id)).isEqualTo(State.ISSUED);
    }

    @Test
    void otherChangesOfTheNodeDoNotAskAgain() {
        server.tamper(reply -> new CfsslServer.Reply(503, "busy"));
        String id = join();

        ca.update(id, node -> node.getSpecBuilder().getAnnotationsBuilder().putLabels("a", "b"));
        ca.simulation.settle();

        assertThat(server.requests()).hasSize(1);
    }

    @Test
    @DisplayName("CA-022")
    void aRefusalFailsTheRequest() {
        server.tamper(reply -> new CfsslServer.Reply(200, "{\"success\":false,\"errors\":[]}"));

        String id = join();

        assertThat(ca.state(id)).isEqualTo(State.FAILED);
        assertThat(ca.certificate(id).getStatus().getErr()).isEqualTo("certificate signing request failed");
    }

    @Test
    @DisplayName("CA-022")
    void whatIsNoRequestReachesNoExternalCa() {
        String id = ca.issue(LeadingCa.stranger(), ByteString.copyFromUtf8("garbage"), WORKER_TOKEN)
                .value()
                .getNodeId();
        ca.simulation.settle();

        assertThat(ca.state(id)).isEqualTo(State.FAILED);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aCertificateOfAnotherKeyIsNotTaken() {
        AtomicReference<CfsslServer.Reply> first = new AtomicReference<>();
        server.tamper(reply -> first.compareAndSet(null, reply) ? reply : Objects.requireNonNull(first.get()));
        join();

        String id = join();

        assertThat(ca.state(id)).isEqualTo(State.FAILED);
        assertThat(ca.certificate(id).getStatus().getErr())
                .isEqualTo("the external CA certified another key than that of the request");
    }

    @Test
    void theOutcomeComesBackToTheLoop() throws Exception {
        BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
        BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
        ExternalSigning outside = new ExternalSigning(CLUSTER, new Cfssl(own, PATIENCE), loop::add);
        try (outside) {
            outside.sign(Authority.of(ca.cluster()),
                    new SigningOrder("n", NodeRole.WORKER, LeadingCa.csr()), outcomes::add);
            Runnable message = loop.poll(60, TimeUnit.SECONDS);

            assertThat(outcomes).isEmpty();
            Objects.requireNonNull(message, "nothing came back within 60 s").run();
            assertThat(outcomes).singleElement().isInstanceOf(Outcome.Issued.class);
        }
    }
}
