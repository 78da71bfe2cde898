package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.RaftConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {

    private static final RaftLimits OFTEN =
            Fixture.LIMITS.withSnapshotInterval(100).withKeptEntries(20);

    @TempDir
    Path stateDir;

    @Test
    @DisplayName("RAF-019, RAF-020: snapshots replace the log, and only the newest stays")
    void snapshotsReplaceTheLogAndOnlyTheNewestStays() throws Exception {
        for (int round = 0; round < 4; round++) {
            try (Fixture node = Fixture.open(stateDir, OFTEN)) {
                assertThat(node.raft.view().count(Table.NODES)).isEqualTo(round * 150);
                node.createMany("r" + round + "-", 150);
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(Fixture.snapshots(stateDir)).hasSize(1));
            }
        }
        assertThat(Fixture.segments(stateDir).getFirst().getFileName().toString())
                .doesNotMatch("log_(inprogress_)?0(-.*)?");
        assertThat(Fixture.group(stateDir).resolve("sm")).isDirectoryNotContaining("glob:**.tmp");
        try (Fixture node = Fixture.open(stateDir, OFTEN)) {
            assertThat(node.raft.view().count(Table.NODES)).isEqualTo(600);
            assertThat(node.raft.view().version()).isEqualTo(600);
        }
    }

    private static final RaftLimits AT_ONCE =
            Fixture.LIMITS.withSnapshotInterval(1).withKeptEntries(0);

    private static void raft(Fixture node, RaftConfig.Builder raft) {
        node.raft.update(node.term, tx -> {
            Cluster stored = tx.get(Table.CLUSTERS, "c");
            Cluster.Builder cluster = stored == null ? Cluster.newBuilder().setId("c") : stored.toBuilder();
            cluster.getSpecBuilder().setRaft(raft);
            return stored == null
                    ? tx.create(Table.CLUSTERS, cluster.build())
                    : tx.update(Table.CLUSTERS, cluster.build());
        });
    }

    private List<Path> awaitSnapshots(Fixture node, int count) {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5)).until(
                () -> {
                    node.create("s" + more++);
                    return Fixture.snapshots(stateDir);
                },
                snapshots -> snapshots.size() == count);
    }

    private int more;

    @Test
    @DisplayName("8.1: the cluster's spec says how often snapshots are taken, at once and with 0 not at all")
    void theIntervalIsThatOfTheSpec() throws Exception {
        try (Fixture node = Fixture.open(stateDir, AT_ONCE)) {
            raft(node, RaftConfig.newBuilder().setSnapshotInterval(0));
            node.createMany("a", 20);
            // One may have been under way before that was said.
            int before = Fixture.snapshots(stateDir).size();
            node.createMany("b", 100);
            assertThat(Fixture.snapshots(stateDir)).hasSize(before);
        }
        Fixture.snapshots(stateDir).forEach(SnapshotTest::remove);
        try (Fixture node = Fixture.open(stateDir, AT_ONCE)) {
            node.createMany("c", 20);
            assertThat(Fixture.snapshots(stateDir)).isEmpty();
            raft(node, RaftConfig.newBuilder().setSnapshotInterval(10));
            awaitSnapshots(node, 1);
        }
    }

    private static void remove(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("8.1: as many old snapshots stay as the cluster's spec says")
    void oldSnapshotsAreKept() throws Exception {
        try (Fixture node = Fixture.open(stateDir)) {
            raft(node, RaftConfig.newBuilder().setSnapshotInterval(5).setKeepOldSnapshots(2));
            awaitSnapshots(node, 3);
            node.createMany("more", 30);
            assertThat(Fixture.snapshots(stateDir)).hasSizeBetween(3, 4);
            raft(node, RaftConfig.newBuilder().setSnapshotInterval(5));
            awaitSnapshots(node, 1);
        }
        try (Fixture node = Fixture.open(stateDir)) {
            assertThat(node.raft.view().count(Table.NODES)).isEqualTo(30 + more);
        }
    }

    @Test
    @DisplayName("8.1: the log keeps as many entries behind a snapshot as the cluster's spec says")
    void entriesAreKeptForSlowFollowers() throws Exception {
        // Each opening has segments of its own, and they go as a whole.
        try (Fixture node = Fixture.open(stateDir, AT_ONCE)) {
            raft(node, RaftConfig.newBuilder().setSnapshotInterval(10).setLogEntriesForSlowFollowers(1_000));
            node.createMany("a", 50);
        }
        try (Fixture node = Fixture.open(stateDir, AT_ONCE)) {
            node.createMany("b", 50);
            assertThat(Fixture.snapshots(stateDir)).isNotEmpty();
            assertThat(firstSegment()).matches("log_0-\\d+");
            raft(node, RaftConfig.newBuilder().setSnapshotInterval(10).setLogEntriesForSlowFollowers(5));
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                node.create("s" + more++);
                return !firstSegment().matches("log_(inprogress_)?0(-.*)?");
            });
        }
    }

    private String firstSegment() throws IOException {
        return Fixture.segments(stateDir).getFirst().getFileName().toString();
    }
}
