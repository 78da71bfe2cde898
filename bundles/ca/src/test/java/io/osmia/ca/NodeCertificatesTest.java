package io.osmia.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.roles.Clock;
import io.osmia.roles.Ids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules 7.5.7 and 7.12.1: what a node finds in its directory, and what it does with it. */
class NodeCertificatesTest {

    private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");
    private static final Clock CLOCK = () -> NOW;

    @TempDir
    Path state;

    private Path directory;

    @BeforeEach
    void directoryInAFreshState() {
        directory = state.resolve("certificates");
    }

    private static Ids ids(String... ids) {
        Queue<String> left = new ArrayDeque<>(List.of(ids));
        return left::remove;
    }

    private NodeCertificates create() {
        return NodeCertificates.loadOrCreate(directory, ids("node1", "cluster1"), CLOCK);
    }

    private NodeCertificates load() {
        return NodeCertificates.loadOrCreate(directory, ids(), CLOCK);
    }

    @Test
    @DisplayName("CA-046")
    void theFirstStartMakesARootAndAManagerCertificate() throws Exception {
        NodeCertificates made = create();

        assertThat(made.nodeId()).isEqualTo("node1");
        assertThat(made.clusterId()).isEqualTo("cluster1");
        assertThat(made.role()).isEqualTo("swarm-manager");
        assertThat(modes()).containsExactly(
                Map.entry("swarm-node.crt", "rw-r--r--"),
                Map.entry("swarm-node.key", "rw-------"),
                Map.entry("swarm-root-ca.crt", "rw-r--r--"));
        assertThat(directory.resolve("swarm-root-ca.crt")).hasBinaryContent(made.rootPem());
        assertThat(directory.resolve("swarm-node.key"))
                .content()
                .startsWith("-----BEGIN PRIVATE KEY-----\nkek-version: 0\n\n");
    }

    @Test
    void theFoundingManagerHoldsTheRootKeyAndTokensInMemoryOnly() throws Exception {
        NodeCertificates made = create();
        byte[] key = made.rootKeyMaterial().keyPem();

        assertThat(RootCa.signing(made.rootKeyMaterial().certPem(), key).hash())
                .isEqualTo(made.rootKeyMaterial().hash());
        JoinToken worker = JoinToken.parse(made.rootKeyMaterial().workerToken());
        JoinToken manager = JoinToken.parse(made.rootKeyMaterial().managerToken());
        assertThat("sha256:" + worker.rootDigest()).isEqualTo(made.rootKeyMaterial().hash());
        assertThat(manager.secret()).isNotEqualTo(worker.secret());
        assertThat(made.rootKeyMaterial().workerToken()).hasToString(worker.toString());

        NodeCertificates again = load();
        assertThat(again.rootKeyMaterial().keyPem()).isEmpty();
        assertThat(again.rootKeyMaterial().workerToken()).isEmpty();
    }

    @Test
    @DisplayName("CA-001")
    void theNextStartFindsTheSameIdentityAndWritesNothing() throws Exception {
        NodeCertificates made = create();
        Map<String, byte[]> before = contents();

        NodeCertificates loaded = load();

        assertThat(loaded.nodeId()).isEqualTo(made.nodeId());
        assertThat(loaded.clusterId()).isEqualTo(made.clusterId());
        assertThat(loaded.rootPem()).isEqualTo(made.rootPem());
        assertThat(loaded.issuerSubject()).isEqualTo(made.issuerSubject());
        assertThat(loaded.issuerPublicKey()).isEqualTo(made.issuerPublicKey());
        assertUnchanged(before);
    }

    @Test
    void aRootPutThereWithItsKeyIsUsed() throws Exception {
        RootCa seed = RootCa.create(NOW);
        Files.createDirectories(directory);
        Files.write(directory.resolve("swarm-root-ca.crt"), seed.certificatePem());
        Files.write(directory.resolve("swarm-root-ca.key"), seed.keyPem());

        NodeCertificates made = create();

        assertThat(made.rootPem()).isEqualTo(seed.certificatePem());
        assertThat(made.rootKeyMaterial().keyPem()).isEqualTo(seed.keyPem());
        assertThat(load().rootKeyMaterial().keyPem()).isEqualTo(seed.keyPem());
    }

    @DisplayName("CA-046")
    @ParameterizedTest
    @ValueSource(strings = {"swarm-node.crt", "swarm-node.key", "swarm-root-ca.crt"})
    void aMissingFileIsNamedAndNothingIsChanged(String file) throws Exception {
        create();
        Files.delete(directory.resolve(file));

        refusesNaming(file, "is missing");
    }

    @DisplayName("CA-046")
    @ParameterizedTest
    @ValueSource(strings = {"swarm-node.crt", "swarm-node.key", "swarm-root-ca.crt"})
    void aDamagedFileIsNamedAndNothingIsChanged(String file) throws Exception {
        create();
        Files.writeString(directory.resolve(file), "garbage");

        refusesNaming(file, "error while loading TLS certificate in");
    }

    @Test
    @DisplayName("CA-046")
    void aForeignKeyIsRefused() throws Exception {
        create();
        Path other = state.resolve("other");
        NodeCertificates.loadOrCreate(other, ids("node2", "cluster2"), CLOCK);
        Files.copy(
                other.resolve("swarm-node.key"),
                directory.resolve("swarm-node.key"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        refusesNaming("swarm-node.crt", "certificate key mismatch");
    }

    @Test
    @DisplayName("CA-046")
    void aForeignRootIsRefused() throws Exception {
        create();
        Files.write(directory.resolve("swarm-root-ca.crt"), RootCa.create(NOW).certificatePem());

        refusesNaming("swarm-node.crt", "signed by unknown authority");
    }

    @Test
    @DisplayName("CA-046")
    void anExpiredCertificateIsRefused() throws Exception {
        create();
        Map<String, byte[]> before = contents();
        Clock later = () -> NOW.plus(Duration.ofDays(91));

        assertThatThrownBy(() -> NodeCertificates.loadOrCreate(directory, ids(), later))
                .isInstanceOf(CaException.class)
                .hasMessageContaining("certificate (1 - node1) not valid after Tue, 02 Apr 2030 03:04:00 UTC");
        assertUnchanged(before);
    }

    @Test
    void anEncryptedKeyMeansThatTheNodeIsLocked() throws Exception {
        create();
        Path key = directory.resolve("swarm-node.key");
        Files.writeString(key, Files.readString(key).replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));

        refusesNaming("swarm-node.key", "node is locked, and needs a valid unlock key");
    }

    @Test
    @DisplayName("CA-042")
    void anInterruptedWritingIsCompleted() throws Exception {
        NodeCertificates made = create();
        stageAgain("swarm-node.crt");
        stageAgain("swarm-root-ca.crt");

        NodeCertificates recovered = load();

        assertThat(recovered.nodeId()).isEqualTo(made.nodeId());
        assertThat(modes().keySet()).containsExactly("swarm-node.crt", "swarm-node.key", "swarm-root-ca.crt");
    }

    @Test
    @DisplayName("CA-042")
    void aStagedCertificateOfAnotherKeyIsRemoved() throws Exception {
        create();
        Files.write(
                directory.resolve(".swarm-node.crt"), Files.readAllBytes(directory.resolve("swarm-root-ca.crt")));

        load();

        assertThat(directory.resolve(".swarm-node.crt")).doesNotExist();
    }

    @Test
    void foundingAnewKeepsTheIdsAndSwapsWhatHandshakesUse() throws Exception {
        Clock clock = Instant::now; // the JDK's path validation has no other
        NodeCertificates.loadOrCreate(directory, ids("node1", "cluster1"), clock);
        NodeCertificates node = NodeCertificates.loadOrCreate(directory, ids(), clock);
        X509Certificate former = node.keyManager()
                .getCertificateChain(node.keyManager().chooseEngineServerAlias("EC", null, null))[0];
        String formerAlias = node.keyManager().chooseEngineServerAlias("EC", null, null);

        node.foundAnew(clock);

        String alias = node.keyManager().chooseEngineServerAlias("EC", null, null);
        X509Certificate renewed = node.keyManager().getCertificateChain(alias)[0];
        assertThat(renewed).isNotEqualTo(former);
        assertThat(node.keyManager().getCertificateChain(formerAlias)[0]).isEqualTo(former);
        node.trustManager().checkClientTrusted(new X509Certificate[] {renewed}, "EC");
        assertThatThrownBy(() -> node.trustManager().checkClientTrusted(new X509Certificate[] {former}, "EC"))
                .isInstanceOf(java.security.cert.CertificateException.class);
        assertThat(node.rootKeyMaterial().keyPem()).isNotEmpty();
        NodeCertificates restarted = NodeCertificates.loadOrCreate(directory, ids(), clock);
        assertThat(restarted.rootPem()).isEqualTo(node.rootPem());
        assertThat(restarted.nodeId()).isEqualTo("node1");
    }

    /** As if the rename to the own name had not happened. */
    private void stageAgain(String file) throws IOException {
        Files.move(directory.resolve(file), directory.resolve("." + file));
    }

    private void refusesNaming(String file, String reason) throws IOException {
        Map<String, byte[]> before = contents();
        assertThatThrownBy(this::load)
                .isInstanceOf(CaException.class)
                .hasMessageContaining(directory.resolve(file).toString())
                .hasMessageContaining(reason);
        assertUnchanged(before);
    }

    private void assertUnchanged(Map<String, byte[]> before) throws IOException {
        Map<String, byte[]> after = contents();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        for (String file : before.keySet()) {
            assertThat(after.get(file)).as(file).isEqualTo(before.get(file));
        }
    }

    private Map<String, byte[]> contents() throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    private Map<String, String> modes() throws IOException {
        Map<String, String> modes = new TreeMap<>();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                modes.put(
                        file.getFileName().toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        return modes;
    }
}
