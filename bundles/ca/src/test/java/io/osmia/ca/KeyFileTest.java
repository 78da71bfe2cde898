package io.osmia.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.roles.LogKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules 7.12.2 to 7.12.5: what is in a key file, and under which key. */
class KeyFileTest {

    private static final Optional<byte[]> ONE = Optional.of(filled(1));
    private static final Optional<byte[]> OTHER = Optional.of(filled(2));
    private static final SecretKey LOG_KEY = new SecretKeySpec(filled(7), "AES");

    @TempDir
    Path directory;

    private static byte[] filled(int with) {
        byte[] bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    private static KeyOptions unlockedBy(Optional<byte[]> key) {
        return new KeyOptions(key, false, false, Duration.ZERO);
    }

    private NodeCertificates create(boolean autolock) {
        Queue<String> ids = new ArrayDeque<>(List.of("node1", "cluster1"));
        return NodeCertificates.loadOrCreate(
                directory,
                ids::remove,
                Instant::now,
                new KeyOptions(Optional.empty(), autolock, false, Duration.ZERO));
    }

    private NodeCertificates load(Optional<byte[]> key) {
        return NodeCertificates.loadOrCreate(directory, () -> "", Instant::now, unlockedBy(key));
    }

    private Path file() {
        return directory.resolve("swarm-node.key");
    }

    @Test
    @DisplayName("MGR-011")
    void aClusterFoundedWithAutolockHasAnUnlockKeyFromTheStart() {
        NodeCertificates made = create(true);

        byte[] key = made.rootKeyMaterial().unlockKey();
        assertThat(key).hasSize(32);
        assertThat(file()).content().startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\nkek-version: 0\n\n");
        assertThat(load(Optional.of(key)).nodeId()).isEqualTo("node1");
        made.unlockKey(Optional.of(key), 3);
        assertThat(file()).content().contains("kek-version: 0\n");
    }

    @Test
    @DisplayName("MGR-011")
    void withoutAutolockThereIsNone() {
        assertThat(create(false).rootKeyMaterial().unlockKey()).isEmpty();
    }

    @Test
    @DisplayName("CA-039, CA-046")
    void aWrongOrMissingKeyIsSaidAndNothingIsChanged() throws Exception {
        create(false).unlockKey(ONE, 4);
        byte[] before = Files.readAllBytes(file());

        assertThatThrownBy(() -> load(Optional.empty()))
                .isInstanceOf(CaException.class)
                .hasMessageContaining("node is locked, and needs a valid unlock key")
                .hasMessageContaining("osmia cluster unlock-key");
        assertThatThrownBy(() -> load(OTHER))
                .isInstanceOf(CaException.class)
                .hasMessageContaining("node is locked, and needs a valid unlock key")
                .hasMessageContaining("another");
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
        assertThat(load(ONE).nodeId()).isEqualTo("node1");
    }

    @Test
    @DisplayName("CA-039")
    void anUnlockKeyForAPlainFileDoesNoHarm() {
        create(false);

        assertThat(load(ONE).nodeId()).isEqualTo("node1");
        assertThat(file()).content().startsWith("-----BEGIN PRIVATE KEY-----");
    }

    @Test
    @DisplayName("CA-039, CA-040")
    void headersOfOthersStayAndTheVersionIsAlwaysThere() throws Exception {
        create(false);
        Files.writeString(
                file(), Files.readString(file()).replace("kek-version: 0\n", "raft-dek: CAESBA==\nkek-version: 0\n"));

        load(Optional.empty()).unlockKey(ONE, 4);
        load(ONE).unlockKey(OTHER, 5);

        assertThat(file()).content().contains("kek-version: 5\n", "raft-dek: CAESBA==\n");
    }

    @Test
    @DisplayName("MGR-006, CA-041")
    void theFileFollowsTheClustersKey() {
        NodeCertificates node = create(false);

        node.unlockKey(ONE, 4);
        assertThat(load(ONE).nodeId()).isEqualTo("node1");
        node.unlockKey(OTHER, 3);
        assertThat(load(ONE).nodeId()).isEqualTo("node1");
        assertThatThrownBy(() -> node.unlockKey(OTHER, 4)).isInstanceOf(CaException.class);
        assertThat(load(ONE).nodeId()).isEqualTo("node1");
        node.unlockKey(OTHER, 5);
        assertThat(load(OTHER).nodeId()).isEqualTo("node1");
        node.unlockKey(Optional.empty(), 6);
        assertThat(load(Optional.empty()).nodeId()).isEqualTo("node1");
        assertThat(file()).content().contains("kek-version: 6\n");
    }

    @Test
    @DisplayName("CA-041")
    void aFileThatCannotBeWrittenLeavesAllAsItWas() throws Exception {
        NodeCertificates node = create(false);
        byte[] before = Files.readAllBytes(file());
        blockWriting();

        assertThatThrownBy(() -> node.unlockKey(ONE, 4))
                .isInstanceOf(CaException.class)
                .hasMessageContaining(file().toString());
        assertThatThrownBy(() -> node.logKeys().learn(1, LOG_KEY)).isInstanceOf(CaException.class);

        assertThat(Files.readAllBytes(file())).isEqualTo(before);
        assertThat(node.logKeys().versions()).isEmpty();
        Files.delete(directory.resolve(".swarm-node.key/in-the-way"));
        node.unlockKey(ONE, 4);
        assertThat(load(ONE).nodeId()).isEqualTo("node1");
    }

    private void blockWriting() throws IOException {
        Files.createDirectories(directory.resolve(".swarm-node.key"));
        Files.createFile(directory.resolve(".swarm-node.key/in-the-way"));
    }

    @Test
    @DisplayName("MGR-007")
    void logKeysAreInTheFileBeforeTheyAreUsed() {
        LogKeys keys = create(false).logKeys();
        assertThat(keys.current()).isEqualTo(LogKeys.NOT_SEALED);
        assertThatThrownBy(() -> keys.use(1)).isInstanceOf(IllegalArgumentException.class);

        keys.learn(1, LOG_KEY);
        keys.learn(2, LOG_KEY);
        keys.use(2);
        keys.drop(2);

        LogKeys again = load(Optional.empty()).logKeys();
        assertThat(again.current()).isEqualTo(2);
        assertThat(again.versions()).containsExactly(1, 2);
        assertThat(again.key(1)).isEqualTo(LOG_KEY);
        assertThat(again.key(3)).isNull();
        again.drop(1);
        assertThat(load(Optional.empty()).logKeys().versions()).containsExactly(2);
        assertThatThrownBy(() -> again.learn(2, new SecretKeySpec(filled(8), "AES")))
                .isInstanceOf(CaException.class);
    }

    @Test
    @DisplayName("MGR-007")
    void logKeysAreUnderTheUnlockKeyAndSurviveItsChange() throws Exception {
        NodeCertificates node = create(false);
        node.logKeys().learn(1, LOG_KEY);
        node.logKeys().use(1);
        String plain = java.util.Base64.getEncoder().encodeToString(LOG_KEY.getEncoded());
        assertThat(file()).content().contains("osmia-log-key-1: " + plain);

        node.unlockKey(ONE, 4);
        assertThat(file()).content().contains("osmia-log-key-1: ").doesNotContain(plain);
        assertThat(load(ONE).logKeys().key(1)).isEqualTo(LOG_KEY);
        node.unlockKey(OTHER, 5);
        assertThat(load(OTHER).logKeys().key(1)).isEqualTo(LOG_KEY);
        assertThat(load(OTHER).logKeys().current()).isEqualTo(1);
    }

    @Test
    @DisplayName("MGR-007")
    void aLogKeyThatWasTamperedWithIsNamed() throws Exception {
        NodeCertificates node = create(false);
        node.logKeys().learn(1, LOG_KEY);
        node.logKeys().learn(2, new SecretKeySpec(filled(9), "AES"));
        node.unlockKey(ONE, 4);
        String text = Files.readString(file());
        Files.writeString(
                file(),
                text.replace("log-key-1:", "log-key-x:").replace("log-key-2:", "log-key-1:")
                        .replace("log-key-x:", "log-key-2:"));

        assertThatThrownBy(() -> load(ONE))
                .isInstanceOf(CaException.class)
                .hasMessageContaining("osmia-log-key-");
    }
}
