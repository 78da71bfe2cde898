package io.osmia.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.osmia.ca.RootCa;
import io.osmia.raft.Backup;
import io.osmia.raft.RaftIdentity;
import io.osmia.raft.StateDirectory;
import io.osmia.store.StoreMachine;
import io.osmia.wire.osmia.Transaction;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.StoreAction;
import io.osmia.wire.swarmkit.StoreActionKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code osmia cluster restore} and {@code osmia cluster recover --dry-run}. */
class RestoreTest {

    private static final RootCa ROOT = RootCa.create(Instant.now());

    @TempDir
    private Path folder;

    private Path state;
    private Path backup;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @BeforeEach
    void backUpACluster() throws IOException {
        state = folder.resolve("state");
        backup = folder.resolve("backup");
        Cluster.Builder cluster = Cluster.newBuilder().setId("cluster1");
        cluster.getRootCaBuilder()
                .setCaCert(ByteString.copyFrom(ROOT.certificatePem()))
                .setCaKey(ByteString.copyFrom(ROOT.keyPem()));
        try (StoreMachine machine = new StoreMachine(); OutputStream out = Files.newOutputStream(backup)) {
            machine.apply(Transaction.newBuilder()
                    .setVersion(3)
                    .addActions(StoreAction.newBuilder()
                            .setAction(StoreActionKind.STORE_ACTION_CREATE)
                            .setCluster(cluster))
                    .build());
            Backup.write("cluster1", machine.committed(), out);
        }
    }

    private int run(String... words) {
        said.reset();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        return OnDisk.run(List.of(words), Map.of("OSMIA_JOIN_TOKEN", "left over"), out, out);
    }

    private int restore(Path file) {
        return run("cluster", "restore", "--state-dir", state.toString(), file.toString());
    }

    private int recover() {
        return run("cluster", "recover", "--dry-run", "--state-dir", state.toString());
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private void refused(String message) {
        assertThat(said()).startsWith("osmia cluster restore: ").contains(message);
        assertThat(state).doesNotExist();
    }

    @Test
    void aClusterOfOneComesFromTheBackup() {
        assertThat(restore(backup)).as(said()).isZero();
        RaftIdentity identity = RaftIdentity.read(state).orElseThrow();
        assertThat(identity.clusterId()).isEqualTo("cluster1");
        assertThat(said()).contains("cluster cluster1 is restored at store version 3, with node " + identity.nodeId());
        assertThat(state.resolve("certificates/swarm-root-ca.crt")).hasBinaryContent(ROOT.certificatePem());

        assertThat(recover()).as(said()).isZero();
        assertThat(said())
                .startsWith("node " + identity.nodeId() + ", cluster cluster1\nkept: 1 objects at store version 3");
    }

    @Test
    void whatHoldsANodeIsLeftAlone() throws IOException {
        Files.createDirectories(state.resolve("worker/tasks/t"));
        assertThat(restore(backup)).isEqualTo(1);
        assertThat(said()).contains("it holds worker/tasks").contains("restore into one that is empty");
        try (Stream<Path> entries = Files.list(state)) {
            assertThat(entries).containsExactly(state.resolve("worker"));
        }
    }

    @Test
    void whatIsNoWholeBackupTouchesNothing() throws IOException {
        byte[] whole = Files.readAllBytes(backup);
        assertThat(restore(folder.resolve("none"))).isEqualTo(1);
        refused("none: is not there");
        Files.write(backup, Arrays.copyOf(whole, whole.length - 7));
        assertThat(restore(backup)).isEqualTo(1);
        refused("damaged or cut off");
        Files.write(backup, Arrays.copyOf(whole, 6));
        assertThat(restore(backup)).isEqualTo(1);
        refused("no backup of a cluster, or is cut off");
        whole[7] = 9;
        Files.write(backup, whole);
        assertThat(restore(backup)).isEqualTo(1);
        refused("a backup of format 9");
        assertThat(run("cluster", "restore", "--state-dir", state.toString())).isEqualTo(1);
        refused("wants the FILE");
    }

    @Test
    void recoverOnlyTellsAndOnlyOfAManagerThatDoesNotRun() {
        assertThat(recover()).isEqualTo(1);
        assertThat(said()).contains("holds no raft state");
        assertThat(restore(backup)).as(said()).isZero();
        assertThat(run("cluster", "recover", "--state-dir", state.toString())).isEqualTo(1);
        assertThat(said()).contains("only tells what would be, with --dry-run").contains("--force-new-cluster");
        assertThat(run("cluster", "recover", "--dry-run", "--force", "--state-dir", state.toString())).isEqualTo(1);
        try (StateDirectory held = StateDirectory.open(state)) {
            assertThat(recover()).isEqualTo(1);
            assertThat(said()).contains(held.path() + ": is in use by another node");
        }
    }
}
