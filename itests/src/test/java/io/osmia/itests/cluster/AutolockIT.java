package io.osmia.itests.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.osmia.itests.harness.AskingAgain;
import io.osmia.itests.harness.Bytes;
import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.NodeLogs;
import io.osmia.itests.harness.OnDisk;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.CreateSecretRequest;
import io.osmia.wire.swarmkit.ListSecretsRequest;
import io.osmia.wire.swarmkit.SecretSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a manager's disk tells to someone who has stolen it. */
@ExtendWith(NodeLogs.class)
class AutolockIT {

    private static final byte[] MARKER = "secret-marker-at-rest-4711".getBytes(US_ASCII);
    private static final String UNLOCK = "OSMIA_UNLOCK_KEY";

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    @DisplayName("INT-004: autolock on, rotated, off, with restarts in between")
    void aLockedManagerNeedsTheKeyThatItLastSaw() throws Exception {
        try (Cluster cluster = Cluster.in(dir)) {
            Node first = cluster.found("m1");
            cluster.joinManager("m2");
            Node third = cluster.joinManager("m3");

            AskingAgain.cli(first, "cluster", "update", "--autolock");
            String key = AskingAgain.cli(first, "cluster", "unlock-key", "-q").out().strip();
            assertThat(key).matches("SWMKEY-1-[0-9A-Za-z+/]{43}");
            awaitLocked(third, true);
            third.kill();
            assertLocked(third);
            third.environment(UNLOCK, "SWMKEY-1-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
            assertLocked(third);
            third.environment(UNLOCK, key).launch();
            cluster.awaitManager(third);

            String version = kekVersion(third);
            String next = AskingAgain.cli(first, "cluster", "unlock-key", "--rotate", "-q").out().strip();
            assertThat(next).startsWith("SWMKEY-1-").isNotEqualTo(key);
            Awaitility.await("the key file is under the new key")
                    .atMost(Node.SOON)
                    .until(() -> !kekVersion(third).equals(version));
            third.kill();
            assertLocked(third);
            third.environment(UNLOCK, next).launch();
            cluster.awaitManager(third);

            AskingAgain.cli(first, "cluster", "update", "--autolock=false");
            awaitLocked(third, false);
            third.withoutEnvironment(UNLOCK);
            third.kill();
            third.launch();
            cluster.awaitManager(third);
        }
    }

    /** The version of the unlock key stands in the clear at the head of the key file. */
    private static String kekVersion(Node node) throws IOException {
        return Files.readAllLines(node.stateDir().resolve("certificates/swarm-node.key")).stream()
                .filter(line -> line.startsWith("kek-version"))
                .findFirst()
                .orElse("");
    }

    private static void awaitLocked(Node node, boolean locked) {
        Awaitility.await("the key on disk is " + (locked ? "" : "not ") + "locked")
                .atMost(Node.SOON)
                .until(() -> Bytes.filesWith(
                        node.stateDir().resolve("certificates"), "ENCRYPTED PRIVATE KEY".getBytes(US_ASCII))
                        .isEmpty() != locked);
    }

    private static void assertLocked(Node node) throws Exception {
        int before = node.logText().length();
        node.launch();
        assertThat(node.awaitEnd(Node.SOON)).isNotZero();
        assertThat(node.logText().substring(before)).contains("node is locked, and needs a valid unlock key");
    }

    @Test
    void aSecretStandsInNoFileUnlessSealingIsOff() throws Exception {
        try (Node sealed = new Node(dir.resolve("sealed")).start()) {
            keep(sealed);
            assertThat(Bytes.filesWith(sealed.stateDir(), MARKER)).isEmpty();
        }
        try (Node clear = new Node(dir.resolve("clear")).environment("OSMIA_NODE_OPTS", "-Dosmia.seal=false").start()) {
            keep(clear);
            assertThat(Bytes.filesWith(clear.stateDir(), MARKER)).isNotEmpty();

            clear.terminate();
            clear.withoutEnvironment("OSMIA_NODE_OPTS").start();
            assertThat(clear.control().listSecrets(ListSecretsRequest.getDefaultInstance()).getSecretsCount())
                    .as("a state from before sealing is opened")
                    .isOne();
            Awaitility.await("what was clear is gone")
                    .atMost(Node.SOON)
                    .until(() -> Bytes.filesWith(clear.stateDir(), MARKER).isEmpty());
        }
    }

    private static void keep(Node node) {
        node.control()
                .createSecret(CreateSecretRequest.newBuilder()
                        .setSpec(SecretSpec.newBuilder()
                                .setAnnotations(Annotations.newBuilder().setName("kept"))
                                .setData(ByteString.copyFrom(MARKER)))
                        .build());
    }
}
