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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
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
            RaftLimits.DEFAULT.withSnapshotInterval(50).withKeptEntries(0);

    private record Lead(long term) implements Leadership {}

    @TempDir
    Path directory;

    private final Map<String, MemoryKeys> keys = new ConcurrentHashMap<>();
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
        Node leader = cluster.leader();
        leader.raft.update(leader.term.get(), tx -> tx.create(Table.CLUSTERS, locked("one")));
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

    private LogKeyRotation rotation(Node leader) {
        RaftNode raft = leader.raft;
        return new LogKeyRotation(
                new Lead(leader.term.get()),
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
            Node leader = cluster.leader();
            // The log is purged by whole segments, of 4 MiB.
            io.osmia.wire.swarmkit.Node great = Fixture.node("w" + written.get()).toBuilder()
                    .setDescription(NodeDescription.newBuilder().setHostname("x".repeat(64_000)))
                    .build();
            leader.raft.update(leader.term.get(), tx -> tx.create(Table.NODES, great));
            written.incrementAndGet();
        }
    }

    private void awaitWrites(int more) {
        int until = written.get() + more;
        TestCluster.soon().until(() -> written.get() >= until);
    }

    private int rotated(String leader, int former) {
        return TestCluster.soon().until(() -> keys.get(leader).current(), now -> now > former);
    }

    @Test
    @DisplayName("RAF-025 in intent: rotated under writes with a follower down, which comes back; the old key is dropped"
            + " everywhere after the log was purged")
    void theKeyIsRotatedWhileAFollowerIsAway() throws Exception {
        Node leader = cluster.leader();
        LogKeyRotation rotation = rotation(leader);
        AtomicBoolean enough = new AtomicBoolean();
        Thread writer = Thread.ofVirtual().start(() -> writeUntil(enough));
        try {
            int first = rotated(leader.name, 1);
            awaitWrites(10);
            Node away = cluster.follower();
            calls.stop(away.name);
            cluster.stop(away.name);
            int before = keys.get(away.name).versions().last();
            assertThat(before).as("has the key of the first rotation").isEqualTo(first);

            leader.raft.update(leader.term.get(), tx -> tx.update(
                    Table.CLUSTERS,
                    locked("two").toBuilder()
                            .setMeta(tx.get(Table.CLUSTERS, TestCluster.CLUSTER).getMeta())
                            .build()));
            int second = rotated(leader.name, first);
            awaitWrites(10);
            assertThat(keys.get(away.name).versions()).doesNotContain(second);

            Node back = open(away.name, Start.RECOVER);
            cluster.add(back);
            TestCluster.soon().untilAsserted(() -> assertThat(keys.values())
                    .as("only the newest key is left")
                    .allSatisfy(held -> assertThat(held.versions()).isEqualTo(new TreeSet<>(List.of(second)))));
        } finally {
            enough.set(true);
            writer.join();
            rotation.stop();
        }
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
