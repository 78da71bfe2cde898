package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.osmia.raft.RaftConfig.Start;
import io.osmia.raft.TestCluster.Node;
import io.osmia.raft.internal.service.LogKeyRotation;
import io.osmia.roles.Leadership;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.ClusterSpec;
import io.osmia.wire.swarmkit.EncryptionConfig;
import io.osmia.wire.swarmkit.EncryptionKey;
import io.osmia.wire.swarmkit.NodeDescription;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log key changes with the unlock key while clients write, and while a manager is away. */
class LogKeyRotationMembersTest {

    private static final RaftLimits OFTEN =
            Fixture.LIMITS.withSnapshotInterval(50).withKeptEntries(0);

    /** For two snapshots and a purge on each of three nodes, while their stores grow. */
    private static final Duration PURGED = Duration.ofSeconds(120);

    private record Lead(long term) implements Leadership {}

    @TempDir
    Path directory;

    private final Map<String, MemoryKeys> keys = new ConcurrentHashMap<>();
    private final Map<String, LogKeyRotation> rotations = new ConcurrentHashMap<>();
    private final ManagerCalls calls = new ManagerCalls();
    private final AtomicInteger written = new AtomicInteger();
    private TestCluster cluster;

    @BeforeEach
    void form() throws Exception {
        cluster = new TestCluster(directory, OFTEN);
        open("n1", Start.FOUND);
        cluster.leader();
        join("n2");
        join("n3");
        lock("one");
    }

    @AfterEach
    void close() {
        calls.close();
        cluster.close();
    }

    private Node open(String name, Start start) throws Exception {
        MemoryKeys own = keys.computeIfAbsent(name, n -> new MemoryKeys());
        Node node = cluster.open(
                cluster.config(name, start).withLogKeys(own).withMissingKey(version -> fetch(own, version)));
        calls.serve(node, own);
        return node;
    }

    /** As a manager does that meets a key it does not hold: it asks the others. */
    private void fetch(MemoryKeys own, int version) {
        for (MemoryKeys other : keys.values()) {
            SecretKey key = other.key(version);
            if (key != null) {
                own.learn(version, key);
            }
        }
    }

    private void join(String name) throws Exception {
        Node joining = open(name, Start.JOIN);
        cluster.add(joining);
        TestCluster.soon().until(joining.raft::joined);
    }

    /** With another unlock key, and no note yet of a log key that was made for it. */
    private void lock(String unlockKey) {
        Cluster locked = locked(unlockKey);
        cluster.asLeader(leader -> leader.update(tx -> {
            Cluster stored = tx.get(Table.CLUSTERS, locked.getId());
            if (stored == null) {
                return tx.create(Table.CLUSTERS, locked);
            }
            return isLocked(stored, unlockKey)
                    ? stored
                    : tx.update(Table.CLUSTERS, locked.toBuilder().setMeta(stored.getMeta()).build());
        }));
    }

    private static boolean isLocked(Cluster stored, String unlockKey) {
        return stored.getUnlockKeysList().contains(locked(unlockKey).getUnlockKeys(0));
    }

    private static Cluster locked(String unlockKey) {
        return Cluster.newBuilder()
                .setId(TestCluster.CLUSTER)
                .setSpec(ClusterSpec.newBuilder()
                        .setEncryptionConfig(EncryptionConfig.newBuilder().setAutoLockManagers(true)))
                .addUnlockKeys(EncryptionKey.newBuilder()
                        .setSubsystem("swarm-manager")
                        .setKey(ByteString.copyFromUtf8(unlockKey)))
                .build();
    }

    /** As the node does: wherever it leads, for as long as it does. */
    private void rotateWhereItLeads(Node node) {
        node.raft.onLeadership(term -> {
            LogKeyRotation former = rotations.remove(node.name);
            if (former != null) {
                former.stop();
            }
            term.ifPresent(now -> rotations.put(node.name, rotation(node, now)));
        });
    }

    private LogKeyRotation rotation(Node leader, long term) {
        RaftNode raft = leader.raft;
        return new LogKeyRotation(
                new Lead(term),
                raft,
                () -> Instant.EPOCH,
                keys.get(leader.name),
                raft,
                calls.channels(),
                raft,
                ManagerCalls.role(leader));
    }

    private void writeUntil(AtomicBoolean enough) {
        while (!enough.get()) {
            // The log is purged by whole segments, of 4 MiB.
            io.osmia.wire.swarmkit.Node great = Fixture.node("w" + written.get()).toBuilder()
                    .setDescription(NodeDescription.newBuilder().setHostname("x".repeat(64_000)))
                    .build();
            cluster.create(great);
            written.incrementAndGet();
        }
    }

    private void awaitWrites(int more) {
        int until = written.get() + more;
        TestCluster.soon().until(() -> written.get() >= until);
    }

    /** The log key that was made for an unlock key, once that is noted beside it, so that no leader makes another. */
    private int rotatedFor(String unlockKey) {
        TestCluster.soon().atMost(TestCluster.PATIENT).until(() -> {
            Cluster stored = cluster.leader().raft.view().get(Table.CLUSTERS, TestCluster.CLUSTER);
            return isLocked(stored, unlockKey) && stored.getUnlockKeysCount() == 2;
        });
        return keys.get(cluster.leader().name).current();
    }

    @Test
    @DisplayName("RAF-025 in intent: rotated under writes with a follower down, which comes back; the old key is dropped"
            + " everywhere after the log was purged")
    void theKeyIsRotatedWhileAFollowerIsAway() throws Exception {
        cluster.nodes.values().forEach(this::rotateWhereItLeads);
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> writer =
                CompletableFuture.runAsync(() -> writeUntil(enough), Thread::startVirtualThread);
        try {
            int first = rotatedFor("one");
            assertThat(first).isGreaterThan(1);
            awaitWrites(10);
            Node away = cluster.follower();
            calls.stop(away.name);
            cluster.stop(away.name);
            int before = keys.get(away.name).versions().last();
            assertThat(before).as("has the key of the first rotation").isEqualTo(first);

            lock("two");
            int second = rotatedFor("two");
            assertThat(second).isGreaterThan(first);
            awaitWrites(10);
            assertThat(keys.get(away.name).versions()).doesNotContain(second);

            Node back = open(away.name, Start.RECOVER);
            rotateWhereItLeads(back);
            cluster.add(back);
            TestCluster.soon()
                    .atMost(PURGED)
                    .untilAsserted(() -> assertThat(keys.values())
                            .as("only the newest key is left")
                            .allSatisfy(held -> assertThat(held.versions())
                                    .isEqualTo(new TreeSet<>(List.of(second)))));
        } finally {
            enough.set(true);
        }
        writer.get(TestCluster.PATIENT.toSeconds(), TimeUnit.SECONDS);
        assertThat(written).hasPositiveValue();
        cluster.awaitEverywhere("w0");
        cluster.awaitEverywhere("w" + (written.get() - 1));
        assertThat(cluster.nodes.values()).allSatisfy(node -> assertThat(node.raft.view().count(Table.NODES))
                .as(node.name)
                .isEqualTo(written.get()));
        assertThat(cluster.nodes.values().stream().map(node -> node.raft.view().digest().hex()).distinct())
                .hasSize(1);
    }
}
