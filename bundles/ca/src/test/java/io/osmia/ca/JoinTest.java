package io.osmia.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.osmia.ca.internal.client.CaClient;
import io.osmia.ca.internal.client.FakeCa;
import io.osmia.ca.internal.client.KnownRemotes;
import io.osmia.ca.internal.client.Newcomer;
import io.osmia.ca.internal.NodeState;
import io.osmia.roles.Ids;
import io.osmia.roles.Remotes;
import io.osmia.roles.Remotes.Remote;
import io.osmia.wire.swarmkit.IssuanceStatus.State;
import io.osmia.wire.swarmkit.NodeSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules 7.5.1 to 7.5.6: a node becomes part of a cluster. */
class JoinTest {

    @TempDir
    Path folder;

    private FakeCa ca;
    private Path directory;
    private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void aManager() {
        ca = new FakeCa(founded("manager1"));
        directory = folder.resolve("joined");
    }

    private NodeCertificates founded(String nodeId) {
        Queue<String> ids = new ArrayDeque<>(List.of(nodeId, "cluster1"));
        Ids next = ids::remove;
        return NodeCertificates.loadOrCreate(folder.resolve(nodeId), next, Instant::now);
    }

    @AfterEach
    void stop() throws InterruptedException {
        ca.close();
    }

    private NodeCertificates join(String token) {
        return NodeCertificates.join(
                directory, new Join(ca.address(), Optional.of(token), "drain"), new KnownRemotes(), Instant::now);
    }

    /** Without waiting between tries. */
    private NodeState hurried(Optional<String> token, KnownRemotes remotes) {
        CaClient client = new CaClient(pauses::add, new SplittableRandom(1));
        return new Newcomer(new Join(ca.address(), token, "active"), remotes, Instant::now, client)
                .join(directory.resolve("swarm-root-ca.crt"), Optional.empty());
    }

    private NodeState hurried() {
        return hurried(Optional.of(ca.token()), new KnownRemotes());
    }

    @Test
    @DisplayName("CA-005, CA-006, MGR-014")
    void aWorkerHasItsIdentityAndTheClustersRootOnDisk() throws Exception {
        NodeCertificates joined = join(ca.token());

        assertThat(joined.nodeId()).isEqualTo("newcomer");
        assertThat(joined.clusterId()).isEqualTo("cluster1");
        assertThat(joined.role()).isEqualTo("swarm-worker");
        assertThat(joined.rootPem()).isEqualTo(ca.root);
        assertThat(joined.issuerSubject())
                .isEqualTo(ca.signer().certificates().getFirst().getSubjectX500Principal().getEncoded());
        assertThat(ca.requests).singleElement().satisfies(request -> {
            assertThat(request.getToken()).isEqualTo(ca.token());
            assertThat(request.getAvailability()).isEqualTo(NodeSpec.Availability.DRAIN);
        });
        assertThat(mode("swarm-root-ca.crt")).isEqualTo("rw-r--r--");
        assertThat(mode("swarm-node.key")).isEqualTo("rw-------");
        NodeCertificates loaded = NodeCertificates.loadOrCreate(directory, () -> "", Instant::now);
        assertThat(loaded.nodeId()).isEqualTo("newcomer");
        assertThat(NodeCertificates.exists(directory)).isTrue();
        assertThat(ca.callers).containsExactly("issue ");
    }

    private String mode(String file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file)));
    }

    @Test
    void theConnectionThatTookTheRequestIsAskedForTheOutcome() {
        ca.states.add(State.PENDING);

        hurried();

        assertThat(ca.connections).as("one for the root, one for the certificate").hasSize(2);
    }

    @Test
    @DisplayName("CA-007, MGR-014")
    void aManagersKeyFileIsUnderTheClustersUnlockKey() {
        byte[] unlockKey = new byte[32];
        ca.role = "swarm-manager";
        ca.unlockKey = ByteString.copyFrom(unlockKey);
        ca.version = 9;

        NodeCertificates joined = join(ca.token());

        assertThat(joined.role()).isEqualTo("swarm-manager");
        assertThat(ca.callers).containsExactly("issue ", "unlock swarm-manager newcomer");
        assertThat(directory.resolve("swarm-node.key"))
                .content()
                .startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\nkek-version: 9\n");
        KeyOptions locked = new KeyOptions(Optional.of(unlockKey), false, false, Duration.ZERO);
        assertThat(NodeCertificates.loadOrCreate(directory, () -> "", Instant::now, locked).nodeId())
                .isEqualTo("newcomer");
        assertThatThrownBy(() -> NodeCertificates.loadOrCreate(directory, () -> "", Instant::now))
                .isInstanceOf(CaException.class)
                .hasMessageContaining("node is locked, and needs a valid unlock key")
                .hasMessageContaining("--unlock-key");
    }

    @Test
    @DisplayName("CA-007")
    void aClusterThatKnowsNoUnlockKeysHasNone() {
        ca.role = "swarm-manager";
        ca.unlockFailures.add(Status.UNIMPLEMENTED);

        join(ca.token());

        assertThat(directory.resolve("swarm-node.key"))
                .content()
                .startsWith("-----BEGIN PRIVATE KEY-----\nkek-version: 0\n");
    }

    @Test
    @DisplayName("CA-005")
    void withoutATokenTheFirstRootIsTrusted() {
        assertThat(hurried(Optional.empty(), new KnownRemotes()).identity().rootPem()).isEqualTo(ca.root);
        assertThat(ca.requests.getFirst().getToken()).isEmpty();
    }

    @Test
    @DisplayName("CA-005")
    void aBundleOfTwoRootsCountsAsAWhole() {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        bundle.writeBytes(ca.root);
        bundle.writeBytes(RootCa.create(Instant.now()).certificatePem());
        ca.root = bundle.toByteArray();
        assertThatThrownBy(this::hurried).hasMessageContaining("remote CA does not match fingerprint");

        String whole = JoinToken.of(bundle.toByteArray(), new byte[16]).toString();

        assertThat(hurried(Optional.of(whole), new KnownRemotes()).identity().roots()).hasSize(2);
    }

    @Test
    @DisplayName("CA-005")
    void aTokenOfAnotherClusterIsTheFingerprintError() {
        RootCa other = RootCa.create(Instant.now());

        assertThatThrownBy(() -> join(JoinToken.of(other, new byte[16]).toString()))
                .isInstanceOf(CaException.class)
                .hasMessageStartingWith(
                        "remote CA does not match fingerprint. Expected: " + other.hash().substring(7))
                .hasMessageContaining(ca.address());
        assertThat(directory).doesNotExist();
        assertThat(ca.requests).isEmpty();
    }

    @Test
    void aMalformedTokenIsRefusedBeforeAnyoneIsAsked() {
        assertThatThrownBy(() -> join("SWMTKN-1-x")).hasMessage("invalid join token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"manager", "manager:x", "::1"})
    void anAddressWithoutAPortIsRefusedBeforeAnyoneIsAsked(String address) {
        assertThatThrownBy(() -> NodeCertificates.join(
                directory,
                new Join(address, Optional.of(ca.token()), "active"),
                new KnownRemotes(),
                Instant::now))
                .isInstanceOf(CaException.class)
                .hasMessageContaining("host:port")
                .hasMessageContaining(address);
    }

    @Test
    void aTokenThatTheManagerRefusesIsNotShownAgain() {
        ca.issueFailures.add(Status.INVALID_ARGUMENT.withDescription(
                "A valid join token is necessary to join this cluster"));

        assertThatThrownBy(() -> join(ca.token()))
                .hasMessageContaining(ca.address())
                .hasMessageContaining("A valid join token is necessary to join this cluster")
                .hasMessageContaining("osmia cluster join-token");
        assertThat(ca.requests).hasSize(1);
        assertThat(directory).doesNotExist();
    }

    @Test
    void anAddressWhereNobodyAnswersIsNamedAfterFiveTries() throws Exception {
        ca.close();

        assertThatThrownBy(this::hurried)
                .isInstanceOf(CaException.class)
                .hasMessageContaining("no manager answers at " + ca.address())
                .hasMessageContaining("Connection refused");
        assertThat(pauses).containsExactlyElementsOf(Collections.nCopies(4, Duration.ofSeconds(2)));
    }

    @Test
    @DisplayName("MGR-014")
    void aRootThatIsThereIsKeptAndNotFetched() throws Exception {
        Files.createDirectories(directory);
        Files.write(directory.resolve("swarm-root-ca.crt"), ca.root);
        ca.root = RootCa.create(Instant.now()).certificatePem();

        NodeCertificates joined = join(ca.token());

        assertThat(joined.rootPem()).isNotEqualTo(ca.root);
    }

    @Test
    void aRootThatIsThereAndOfAnotherClusterIsNamed() throws Exception {
        Files.createDirectories(directory);
        Files.write(directory.resolve("swarm-root-ca.crt"), RootCa.create(Instant.now()).certificatePem());

        assertThatThrownBy(() -> join(ca.token()))
                .hasMessageContaining("remote CA does not match fingerprint")
                .hasMessageContaining("swarm-root-ca.crt");
    }

    @Test
    @DisplayName("CA-010")
    void aPendingCertificateIsWaitedFor() {
        ca.states.addAll(List.of(State.PENDING, State.PENDING, State.UNRECOGNIZED, State.PENDING));

        assertThat(hurried().identity().subject().commonName()).isEqualTo("newcomer");

        assertThat(pauses).hasSize(4);
        assertThat(ca.requests).hasSize(1);
    }

    @Test
    @DisplayName("CA-010")
    void anInterruptEndsTheWait() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        ca.states.addAll(Collections.nCopies(100, State.PENDING));
        CaClient client = new CaClient(
                duration -> {
                    waits.countDown();
                    new CountDownLatch(1).await();
                },
                new SplittableRandom(1));
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread joining = Thread.ofVirtual().start(() -> {
            try {
                new Newcomer(
                        new Join(ca.address(), Optional.of(ca.token()), "active"),
                        new KnownRemotes(),
                        Instant::now,
                        client)
                        .join(directory, Optional.empty());
            } catch (CaException e) {
                end.complete(e);
            }
        });
        assertThat(waits.await(10, TimeUnit.SECONDS)).isTrue();

        joining.interrupt();

        assertThat(end.get(10, TimeUnit.SECONDS)).hasMessageContaining("interrupted");
    }

    @Test
    void aFailedSigningEndsTheJoin() {
        ca.states.add(State.FAILED);

        assertThatThrownBy(this::hurried).hasMessageContaining("could not sign").hasMessageContaining("newcomer");
        assertThat(ca.requests).hasSize(1);
    }

    @Test
    @DisplayName("CA-011")
    void anotherManagerIsAskedWhenTheFirstBreaksAway() throws Exception {
        try (FakeCa other = new FakeCa(NodeCertificates.loadOrCreate(
                folder.resolve("manager1"), () -> "", Instant::now), ca)) {
            ca.statusFailures.add(Status.UNAVAILABLE);
            KnownRemotes remotes = new KnownRemotes(ca);
            remotes.observe(new Remote("manager2", other.address()), Remotes.SERVED);

            assertThat(hurried(Optional.of(ca.token()), remotes).identity().subject().commonName())
                    .isEqualTo("newcomer");

            assertThat(remotes.seen()).contains(ca.address() + " -10", other.address() + " 10");
        }
    }
}
