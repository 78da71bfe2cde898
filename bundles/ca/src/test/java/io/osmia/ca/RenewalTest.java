package io.osmia.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.osmia.ca.internal.client.CaClient;
import io.osmia.ca.internal.client.FakeCa;
import io.osmia.ca.internal.client.KnownRemotes;
import io.osmia.roles.Clock;
import io.osmia.roles.Remotes;
import io.osmia.roles.Remotes.Remote;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules 7.6.1 to 7.6.6: a node renews its certificate at a manager. */
class RenewalTest {

    private static final CertificateRenewal.Pace FAST = new CertificateRenewal.Pace(
            Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(5));

    @TempDir
    Path folder;

    private FakeCa ca;
    private NodeCertificates node;
    private KnownRemotes remotes;

    @BeforeEach
    void aNodeThatHasJoined() {
        Queue<String> ids = new ArrayDeque<>(List.of("manager1", "cluster1"));
        KeyOptions options = new KeyOptions(Optional.empty(), false, false, Duration.ofDays(7));
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        AtomicReference<Clock> clock = new AtomicReference<>(() -> yesterday);
        ca = new FakeCa(NodeCertificates.loadOrCreate(
                folder.resolve("m"), ids::remove, () -> clock.get().now(), options));
        clock.set(Instant::now);
        remotes = new KnownRemotes(ca);
        node = join("worker");
        ca.requests.clear();
        ca.callers.clear();
    }

    private NodeCertificates join(String directory) {
        return NodeCertificates.join(
                folder.resolve(directory),
                new Join(ca.address(), Optional.of(ca.token()), "active"),
                remotes,
                Instant::now);
    }

    @AfterEach
    void stop() throws InterruptedException {
        ca.close();
    }

    private Renewal renewal() {
        return renewal(node);
    }

    private Renewal renewal(NodeCertificates certificates) {
        return new Renewal(
                certificates, remotes, Instant::now, new CaClient(duration -> {}, new SplittableRandom(1)));
    }

    private void renew() {
        renewal().carryOut(Optional.empty());
    }

    private Path keyFile() {
        return folder.resolve("worker").resolve("swarm-node.key");
    }

    @Test
    void theNewCertificateIsAskedForWithTheOldOneAndUsedFromThenOn() {
        X509Certificate before = node.certificate();
        CompletableFuture<X509Certificate> told = new CompletableFuture<>();
        node.onChange(() -> told.complete(node.certificate()));

        renew();

        assertThat(ca.callers).containsExactly("issue swarm-worker newcomer");
        assertThat(ca.requests.getFirst().getToken()).isEmpty();
        assertThat(node.certificate()).isNotEqualTo(before).isEqualTo(told.getNow(before));
        renew();
        assertThat(ca.requests.get(1).getCsr()).isNotEqualTo(ca.requests.get(0).getCsr());
        assertThat(NodeCertificates.loadOrCreate(folder.resolve("worker"), () -> "", Instant::now).certificate())
                .isEqualTo(node.certificate());
    }

    @Test
    @DisplayName("INT-005: a manager that is demoted gets its certificate from another, not over its own port, which closes")
    void othersAreAskedBeforeThisNodeItself() {
        KnownRemotes selfFirst = new KnownRemotes();
        selfFirst.observe(new Remote(node.nodeId(), "127.0.0.1:1"), Remotes.SERVED);
        selfFirst.observe(new Remote(ca.nodeId(), ca.address()), Remotes.SERVED);
        remotes = selfFirst;

        renew();

        assertThat(selfFirst.seen()).last().isEqualTo(ca.address() + " " + Remotes.SERVED);
        assertThat(selfFirst.seen()).doesNotContain("127.0.0.1:1 " + -Remotes.SERVED);
    }

    /** A TLS session of before that is taken up again would show the former certificate. */
    @Test
    void thePromotedNodeShowsTheNewCertificateToTheSameManager() {
        ca.role = "swarm-manager";
        renew();
        renew();

        assertThat(ca.callers)
                .containsExactly(
                        "issue swarm-worker newcomer",
                        "unlock swarm-manager newcomer",
                        "issue swarm-manager newcomer",
                        "unlock swarm-manager newcomer");
    }

    @Test
    @DisplayName("CA-007")
    void eachRenewalOfAManagerFollowsTheUnlockKey() {
        ca.role = "swarm-manager";
        ca.unlockKey = ByteString.copyFrom(new byte[32]);
        ca.version = 5;
        renew();
        assertThat(ca.callers).containsExactly("issue swarm-worker newcomer", "unlock swarm-manager newcomer");
        assertThat(keyFile()).content().startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\nkek-version: 5\n");

        ca.unlockKey = ByteString.EMPTY;
        ca.version = 6;
        renew();
        assertThat(keyFile()).content().startsWith("-----BEGIN PRIVATE KEY-----\nkek-version: 6\n");
    }

    @Test
    @DisplayName("MGR-007")
    void theLogKeysSurviveARenewalAndAreGoneWithTheRole() {
        ca.role = "swarm-manager";
        ca.unlockKey = ByteString.copyFrom(new byte[32]);
        ca.version = 5;
        renew();
        node.logKeys().learn(3, new SecretKeySpec(new byte[32], "AES"));
        node.logKeys().use(3);

        renew();
        assertThat(node.logKeys().current()).isEqualTo(3);
        assertThat(keyFile()).content().contains("osmia-log-key-current: 3\n", "osmia-log-key-3: ");

        ca.role = "swarm-worker";
        renew();
        assertThat(node.role()).isEqualTo("swarm-worker");
        assertThat(node.logKeys().versions()).isEmpty();
        assertThat(keyFile())
                .content()
                .startsWith("-----BEGIN PRIVATE KEY-----\nkek-version: 0\n")
                .doesNotContain("osmia-log-key");
    }

    @Test
    @DisplayName("CA-049")
    void aWorkerWithACertificateOfAnUnknownAuthorityFetchesTheRootOnceMore() {
        RootCa next = RootCa.create(Instant.now());
        byte[] both = bundle(ca.root, next.certificatePem());
        ca.signsWith = next;
        ca.root = both;

        renew();

        assertThat(node.rootPem()).isEqualTo(both);
        assertThat(ca.requests).hasSize(2);
    }

    @Test
    @DisplayName("CA-049")
    void aRootThatDoesNotFitTheOldCertificateIsNotTakenEvenThen() {
        byte[] before = node.rootPem();
        RootCa next = RootCa.create(Instant.now());
        ca.signsWith = next;
        ca.root = next.certificatePem();

        assertThatThrownBy(this::renew).hasMessageContaining("new root CA does not match existing TLS credentials");
        assertThat(node.rootPem()).isEqualTo(before);
    }

    @Test
    @DisplayName("CA-049")
    void aManagerDoesNot() {
        ca.role = "swarm-manager";
        renew();
        byte[] before = node.rootPem();
        RootCa next = RootCa.create(Instant.now());
        ca.signsWith = next;
        ca.root = bundle(ca.root, next.certificatePem());

        assertThatThrownBy(this::renew).hasMessageContaining("signed by unknown authority");
        assertThat(node.rootPem()).isEqualTo(before);
    }

    private static byte[] bundle(byte[]... roots) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (byte[] root : roots) {
            bundle.writeBytes(root);
        }
        return bundle.toByteArray();
    }

    @Test
    @DisplayName("CA-050")
    void aRootThatComesDuringARenewalStays() {
        byte[] both = bundle(ca.root, RootCa.create(Instant.now()).certificatePem());
        X509Certificate before = node.certificate();
        ca.whenAsked = () -> node.trust(both);

        renew();

        assertThat(node.rootPem()).isEqualTo(both);
        assertThat(node.certificate()).isNotEqualTo(before);
        assertThat(folder.resolve("worker").resolve("swarm-root-ca.crt")).hasBinaryContent(both);
    }

    @Test
    @DisplayName("CA-011")
    void aNodeThatKnowsNoManagerIsTold() {
        remotes.retain(Set.of());

        assertThatThrownBy(this::renew)
                .isInstanceOf(CaException.class)
                .hasMessageStartingWith("no remote hosts provided");
    }

    @Test
    @DisplayName("CA-007")
    void aWorkersKeyFileIsNeverLocked() {
        node.unlockKey(Optional.of(new byte[32]), 7);

        assertThat(keyFile()).content().startsWith("-----BEGIN PRIVATE KEY-----\nkek-version: 0\n");
    }

    @Test
    @DisplayName("CA-051")
    void aNodeThatIsGoneIsToldSo() {
        X509Certificate before = node.certificate();
        ca.issueFailures.add(Status.NOT_FOUND.withDescription(
                "node newcomer not found when attempting to renew certificate"));

        assertThatThrownBy(this::renew)
                .hasMessageContaining("node newcomer not found when attempting to renew certificate");
        assertThat(ca.requests).hasSize(1);
        assertThat(node.certificate()).isEqualTo(before);
    }

    @Test
    void aCertificateOfAnotherNodeIsRefused() {
        X509Certificate before = node.certificate();
        ca.newNode = "another";

        assertThatThrownBy(this::renew).hasMessageContaining("another").hasMessageContaining("newcomer");
        assertThat(node.certificate()).isEqualTo(before);
    }

    @Test
    void aManagerAsksItsOwnSocketFirstAndThenTheOthers() throws Exception {
        ca.role = "swarm-manager";
        Path socket = folder.resolve("s");
        try (FakeCa local = new FakeCa(ca, socket)) {
            renewal().carryOut(Optional.of(socket));
            assertThat(local.callers).containsExactly("issue local", "unlock local");
            assertThat(ca.callers).isEmpty();

            local.issueFailures.add(Status.UNAVAILABLE);
            renewal().carryOut(Optional.of(socket));
            assertThat(ca.callers).startsWith("issue swarm-manager newcomer");
        }
    }

    @Test
    void aCertificateThatEndedWithinTheGraceIsStillRenewed() {
        Instant past = Instant.now().minus(Duration.ofHours(5));
        ca.clock = () -> past;
        NodeCertificates.join(
                folder.resolve("late"),
                new Join(ca.address(), Optional.of(ca.token()), "active"),
                remotes,
                () -> past);
        ca.clock = Instant::now;
        ca.callers.clear();
        assertThatThrownBy(() -> late(Duration.ofMinutes(1)))
                .hasMessageContaining("not valid after")
                .hasMessageContaining("--expired-grace");
        NodeCertificates late = late(Duration.ofDays(1));
        assertThat(late.expired()).isTrue();

        renewal(late).carryOut(Optional.empty());

        assertThat(late.expired()).isFalse();
        assertThat(ca.callers).containsExactly("issue swarm-worker newcomer");
    }

    private NodeCertificates late(Duration grace) {
        KeyOptions options = new KeyOptions(Optional.empty(), false, false, grace);
        return NodeCertificates.loadOrCreate(folder.resolve("late"), () -> "", Instant::now, options);
    }

    private CertificateRenewal running() {
        CertificateRenewal running = new CertificateRenewal(
                node, Instant::now, Optional::empty, renewal(), FAST, new SplittableRandom(1));
        running.start();
        return running;
    }

    private CompletableFuture<String> role(String wanted) {
        CompletableFuture<String> reached = new CompletableFuture<>();
        node.onChange(() -> {
            if (node.role().equals(wanted)) {
                reached.complete(wanted);
            }
        });
        return reached;
    }

    @Test
    @DisplayName("CA-052")
    void anExpectedRoleIsAskedForUntilItComesInBothDirections() throws Exception {
        ca.rolesBefore.addAll(List.of("swarm-worker", "swarm-worker"));
        ca.role = "swarm-manager";
        CompletableFuture<String> promoted = role("swarm-manager");
        CompletableFuture<String> demoted = new CompletableFuture<>();
        try (CertificateRenewal running = running()) {
            running.expectRole("swarm-manager");
            assertThat(promoted.get(20, TimeUnit.SECONDS)).isNotNull();
            assertThat(ca.requests).hasSizeGreaterThanOrEqualTo(3);

            ca.role = "swarm-worker";
            node.onChange(() -> demoted.complete(node.role()));
            running.expectRole("swarm-worker");
            assertThat(demoted.get(20, TimeUnit.SECONDS)).isEqualTo("swarm-worker");
        }
    }

    @Test
    @DisplayName("CA-052")
    void aForcedRenewalIgnoresThePlanAndIsTriedUntilItSucceeds() throws Exception {
        ca.issueFailures.addAll(List.of(Status.NOT_FOUND, Status.NOT_FOUND));
        CompletableFuture<X509Certificate> renewed = new CompletableFuture<>();
        node.onChange(() -> renewed.complete(node.certificate()));
        try (CertificateRenewal running = running()) {
            running.renewNow();
            assertThat(renewed.get(20, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(ca.requests).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    @DisplayName("MGR-006")
    void aKeyFileThatIsLockedForTheFirstTimeGetsANewKey() throws Exception {
        CompletableFuture<X509Certificate> renewed = new CompletableFuture<>();
        ca.role = "swarm-manager";
        renew();
        ca.unlockKey = ByteString.copyFrom(new byte[32]);
        ca.version = 8;
        node.onChange(() -> renewed.complete(node.certificate()));
        try (CertificateRenewal running = running()) {
            node.unlockKey(Optional.of(new byte[32]), 8);
            assertThat(renewed.get(20, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(keyFile()).content().startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\nkek-version: 8\n");
    }
}
