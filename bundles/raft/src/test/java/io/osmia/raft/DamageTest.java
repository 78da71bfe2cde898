package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import io.osmia.store.Table;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on disk is damaged or not ours: the node does not start, says which file and why, and changes nothing. */
class DamageTest {

    private static final RaftLimits LIMITS =
            Fixture.LIMITS.withSnapshotInterval(60).withKeptEntries(0);

    @TempDir
    static Path whole;

    @TempDir
    Path stateDir;

    /** Three terms, so three segments and more; a snapshot; 120 nodes. */
    @BeforeAll
    static void fill() throws Exception {
        try (Fixture node = Fixture.open(whole)) {
            node.createMany("r0-", 40);
        }
        try (Fixture node = Fixture.open(whole, LIMITS)) {
            node.createMany("r1-", 40);
            awaitSnapshot();
        }
        try (Fixture node = Fixture.open(whole)) {
            node.createMany("r2-", 40);
        }
        assertThat(Fixture.snapshots(whole)).hasSize(1);
        assertThat(Fixture.segments(whole)).hasSizeGreaterThan(1);
    }

    /** And that the log before it is purged: closing would end either. */
    private static void awaitSnapshot() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Fixture.firstIndex(Fixture.segments(whole).getFirst()) > 0);
    }

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> files = Files.walk(whole)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = stateDir.resolve(whole.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    private Path openSegment() throws IOException {
        return Fixture.segments(stateDir).getLast();
    }

    private static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int before = bytes.read();
            bytes.seek(at);
            bytes.write(before ^ 4);
        }
    }

    private static Map<String, String> contents(Path directory) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(directory.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    private void assertRefused(Path file, String why) throws IOException {
        assertRefused(Fixture.config(stateDir, Fixture.LIMITS), file, why);
    }

    private void assertRefused(RaftConfig config, Path file, String why) throws IOException {
        Map<String, String> before = contents(stateDir);
        assertThatThrownBy(() -> RaftNode.open(config))
                .isInstanceOf(StateException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why);
        assertThat(contents(stateDir)).isEqualTo(before);
    }

    @Test
    void aFoundingThatACrashCutShortGoesOn() throws Exception {
        try (Stream<Path> files = Files.walk(Fixture.group(stateDir))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        Files.writeString(Fixture.group(stateDir).resolve("current").resolve("raft-meta.tmp"), "term=");

        try (Fixture node = Fixture.open(stateDir)) {
            node.create("first");
        }
        try (Fixture node = Fixture.open(stateDir)) {
            assertThat(node.raft.view().count(Table.NODES)).isEqualTo(1);
        }
    }

    @Test
    void whatIsWholeOpens() throws Exception {
        try (Fixture node = Fixture.open(stateDir)) {
            assertThat(node.raft.view().count(Table.NODES)).isEqualTo(120);
        }
    }

    @Test
    void aFlippedBitInTheMiddle() throws IOException {
        flip(openSegment(), Files.size(openSegment()) / 2);
        assertRefused(openSegment(), "is damaged");
    }

    @Test
    void aFlippedBitInTheLastRecord() throws IOException {
        flip(openSegment(), Files.size(openSegment()) - 20);
        assertRefused(openSegment(), "is damaged");
    }

    @Test
    void aFlippedBitInAClosedSegment() throws IOException {
        Path closed = Fixture.segments(stateDir).getFirst();
        flip(closed, Files.size(closed) / 2);
        assertRefused(closed, "is damaged");
    }

    @Test
    void aTornLastRecordIsCutOffAndNothingElse() throws Exception {
        Path segment = openSegment();
        try (RandomAccessFile bytes = new RandomAccessFile(segment.toFile(), "rw")) {
            bytes.setLength(bytes.length() - 30);
        }
        try (Fixture node = Fixture.open(stateDir)) {
            assertThat(node.raft.view().count(Table.NODES)).isEqualTo(119);
            node.create("after");
        }
        try (Fixture node = Fixture.open(stateDir)) {
            assertThat(node.raft.view().count(Table.NODES)).isEqualTo(120);
        }
    }

    @Test
    void aSegmentThatIsMissing() throws IOException {
        Path first = Fixture.segments(stateDir).getFirst();
        Files.delete(first);
        assertRefused(first.getParent(), "are missing");
    }

    @Test
    void aDamagedSnapshot() throws IOException {
        Path snapshot = Fixture.snapshots(stateDir).getFirst();
        flip(snapshot, Files.size(snapshot) / 2);
        assertRefused(snapshot, "does not fit its checksum");
    }

    @Test
    void aSnapshotWithoutItsChecksum() throws IOException {
        Path snapshot = Fixture.snapshots(stateDir).getFirst();
        Files.delete(snapshot.resolveSibling(snapshot.getFileName() + ".md5"));
        assertRefused(snapshot, "has no checksum");
    }

    @Test
    void aMissingVote() throws IOException {
        Path meta = Fixture.group(stateDir).resolve("current/raft-meta");
        Files.delete(meta);
        assertRefused(meta, "is missing");
    }

    @Test
    void aDamagedVote() throws IOException {
        Path meta = Fixture.group(stateDir).resolve("current/raft-meta");
        Files.writeString(meta, "garbage");
        assertRefused(meta, "is damaged");
    }

    @Test
    void damagedMembers() throws IOException {
        Path members = Fixture.group(stateDir).resolve("current/raft-meta.conf");
        Files.writeString(members, "garbage");
        assertRefused(members, "is damaged");
    }

    @Test
    void theStateOfAnotherCluster() throws IOException {
        RaftIdentity other = new RaftIdentity("cluster2", 0x5eed, "node1");
        RaftConfig config = new RaftConfig(stateDir, other, "a:1", true, () -> Instant.EPOCH);
        assertRefused(
                config,
                stateDir.resolve("raft/member"),
                "the raft state is of cluster cluster1, the certificate of this node is of cluster cluster2");
    }

    @Test
    void theStateOfAnotherNode() throws IOException {
        RaftIdentity other = new RaftIdentity("cluster1", 0x5eed, "node2");
        RaftConfig config = new RaftConfig(stateDir, other, "a:1", true, () -> Instant.EPOCH);
        assertRefused(config, stateDir.resolve("raft/member"), "is of node node1, the certificate is of node node2");
    }

    @Test
    void aLogThatNobodyOwns() throws IOException {
        Path member = stateDir.resolve("raft/member");
        Files.delete(member);
        assertRefused(member, "is missing");
    }

    @Test
    void aManagerWhoseRaftStateIsGone(@TempDir Path empty) {
        RaftConfig config = new RaftConfig(empty, Fixture.IDENTITY, "a:1", false, () -> Instant.EPOCH);
        assertThatThrownBy(() -> RaftNode.open(config))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("holds no raft state, but node node1 is a manager already");
        assertThat(empty).isEmptyDirectory();
    }

    @Test
    void whoseStateItIsCanBeAsked(@TempDir Path empty) {
        assertThat(RaftIdentity.read(stateDir)).contains(Fixture.IDENTITY);
        assertThat(RaftIdentity.read(empty)).isEmpty();
    }
}
