package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import io.osmia.store.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the store stands in clear text in no file, and every start reads it again. */
class SealingTest {

    private static final String MARKER = "marker-that-nobody-else-writes";
    private static final RaftLimits SNAPSHOTS = Fixture.LIMITS.withSnapshotInterval(50).withKeptEntries(0);

    @TempDir
    private Path stateDir;

    private final MemoryKeys keys = new MemoryKeys();

    private RaftConfig sealed() {
        return Fixture.config(stateDir, SNAPSHOTS).withLogKeys(keys);
    }

    private Fixture open(RaftConfig config) throws InterruptedException {
        return Fixture.open(config);
    }

    private List<Path> filesWithMarker() throws IOException {
        try (Stream<Path> files = Files.walk(stateDir)) {
            return files.filter(Files::isRegularFile).filter(SealingTest::hasMarker).toList();
        }
    }

    private static boolean hasMarker(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(MARKER);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void fill(RaftConfig config, String prefix, int count) throws Exception {
        try (Fixture node = open(config)) {
            node.createMany(MARKER + prefix, count);
            if (count > 50) {
                awaitNewestSnapshot(node);
            }
        }
    }

    /** None is under way that closing would end, and none is due soon. While one is written, the next waits for more entries. */
    private void awaitNewestSnapshot(Fixture node) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            List<Path> snapshots = Fixture.snapshots(stateDir);
            long newest = snapshots.isEmpty() ? 0 : Fixture.lastIndex(snapshots.getLast());
            if (node.raft.appliedIndex() < newest + 40) {
                return true;
            }
            createAndDelete(node, "passing");
            return false;
        });
    }

    private static void createAndDelete(Fixture node, String id) {
        node.create(id);
        node.raft.update(node.term, tx -> {
            tx.delete(Table.NODES, id);
            return 0;
        });
    }

    private void requireCount(RaftConfig config, int count) throws Exception {
        try (Fixture node = open(config)) {
            assertThat(node.raft.view().count(Table.NODES)).isEqualTo(count);
        }
    }

    @Test
    @DisplayName("MGR-007 in intent: a marker stands in the files when sealing is off, and in none when it is on")
    void theMarkerIsFoundOnlyWhenSealingIsOff() throws Exception {
        fill(Fixture.config(stateDir, SNAPSHOTS), "a", 120);
        assertThat(filesWithMarker()).as("not sealed: segment and snapshot").hasSizeGreaterThanOrEqualTo(2);

        Path other = Files.createTempDirectory(stateDir.getParent(), "sealed");
        stateDir = other;
        fill(sealed(), "a", 120);
        assertThat(filesWithMarker()).isEmpty();
        assertThat(keys.current()).as("the key of a new cluster").isEqualTo(1);
        requireCount(sealed(), 120);
    }

    @Test
    void whatWasInClearTextIsSealedByTheNextStart() throws Exception {
        fill(Fixture.config(stateDir, SNAPSHOTS), "a", 120);
        fill(Fixture.config(stateDir, SNAPSHOTS), "b", 10);
        fill(sealed(), "c", 10);
        assertThat(filesWithMarker()).isEmpty();
        requireCount(sealed(), 140);
    }

    /** Each of its files is replaced in one step; the steps in between are these. */
    @Test
    void aCrashWhileASnapshotIsReplacedHarmsNothing() throws Exception {
        fill(Fixture.config(stateDir, SNAPSHOTS), "a", 120);
        Path copy = Files.createTempDirectory(stateDir.getParent(), "copy");
        copy(stateDir, copy);
        fill(sealed(), "b", 0);
        Path sealedSnapshot = Fixture.snapshots(stateDir).getFirst();

        stateDir = copy;
        Path clear = Fixture.snapshots(copy).getFirst();
        assertThat(clear.getFileName()).isEqualTo(sealedSnapshot.getFileName());
        Files.copy(sealedSnapshot, clear.resolveSibling(clear.getFileName() + ".sealed"));
        Files.writeString(clear.resolveSibling("resealed.tmp"), MARKER);
        requireCount(sealed(), 120);
        assertThat(filesWithMarker()).isEmpty();
        assertThat(Files.exists(clear.resolveSibling(clear.getFileName() + ".sealed"))).isFalse();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    @Test
    void withoutKeysASealedStateIsRefused() throws Exception {
        fill(sealed(), "a", 10);
        assertThatThrownBy(() -> RaftNode.open(Fixture.config(stateDir, SNAPSHOTS)))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("sealed with key version 1, which this node does not have");
    }

    @Test
    @DisplayName("RAF-024/025 in intent: the log key changes while the node runs, and the former one is forgotten")
    void theKeyChangesWithoutAStop() throws Exception {
        try (Fixture node = open(sealed())) {
            node.createMany(MARKER + "a", 30);
            keys.learn(2, MemoryKeys.ofSeed(2));
            keys.use(2);
            node.createMany(MARKER + "b", 30);
            await().atMost(Duration.ofSeconds(20)).until(() -> !Fixture.snapshots(stateDir).isEmpty());
        }
        assertThat(keys.versions()).as("the log still has records of the first").containsExactly(1, 2);
        requireCount(sealed(), 60);
        assertThat(filesWithMarker()).isEmpty();
    }

    @Test
    void aKeyIsForgottenWhenNothingIsSealedWithItAnyMore() throws Exception {
        try (Fixture node = open(sealed())) {
            node.createMany("a", 30);
            keys.learn(2, MemoryKeys.ofSeed(2));
            keys.use(2);
            String large = "x".repeat(200_000);
            TestCluster.soon().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                createAndDelete(node, large);
                assertThat(keys.versions()).containsExactly(2);
            });
        }
        requireCount(sealed(), 30);
    }

    @Test
    void aRecordWhoseKeyIsMissingWaitsForItAndComesInItsTurn() throws Exception {
        fill(sealed(), "a", 10);
        MemoryKeys none = new MemoryKeys();
        none.learn(9, MemoryKeys.ofSeed(9));
        RaftConfig waiting =
                sealed().withLogKeys(none).withMissingKey(version -> none.learn(version, keys.key(version)));
        requireCount(waiting, 10);
        assertThat(none.current()).isEqualTo(1);
    }
}
