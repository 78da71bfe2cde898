package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.raft.RaftConfig.Start;
import io.osmia.raft.TestCluster.Node;
import io.osmia.store.Subscription;
import io.osmia.store.Subscription.Resync;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.NodeDescription;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that get what is no longer in the log. */
class CatchUpTest {

    private static final RaftLimits OFTEN =
            Fixture.LIMITS.withSnapshotInterval(100).withKeptEntries(20);

    @TempDir
    Path directory;

    private TestCluster cluster;

    @BeforeEach
    void open() {
        cluster = new TestCluster(directory, OFTEN);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    /** Until no member's log has the entry of this index any more. */
    private void createAndPurge(String prefix, long index) {
        for (int i = 0; i < 300; i++) {
            cluster.create(great(prefix + i));
        }
        // When the last snapshot is taken depends on how long the one before it took: the next one comes with more entries.
        TestCluster.soon().atMost(TestCluster.PATIENT).untilAsserted(() -> {
            touch(prefix + 0);
            for (String name : cluster.nodes.keySet()) {
                assertThat(Fixture.firstIndex(Fixture.segments(directory.resolve(name)).getFirst()))
                        .as("the first entry in the log of %s", name)
                        .isGreaterThan(index);
            }
        });
    }

    private void touch(String id) {
        cluster.asLeader(leader -> leader.update(tx -> {
            io.osmia.wire.swarmkit.Node stored = tx.get(Table.NODES, id);
            NodeDescription touched = NodeDescription.newBuilder()
                    .setHostname("v" + stored.getMeta().getVersion().getIndex())
                    .build();
            return tx.update(Table.NODES, stored.toBuilder().setDescription(touched).build());
        }));
    }

    /** The log is purged by whole segments, of 4 MiB. */
    private static io.osmia.wire.swarmkit.Node great(String id) {
        return Fixture.node(id).toBuilder()
                .setDescription(NodeDescription.newBuilder().setHostname("x".repeat(16_000)))
                .build();
    }

    @Test
    @DisplayName("RAF-009, RAF-020: a new member gets what is only in a snapshot; so does one that was away")
    void aSnapshotTakesTheLogsPlace() throws Exception {
        cluster.open("n1", Start.FOUND);
        cluster.leader();
        createAndPurge("a", 0);
        Node second = cluster.join("n2");
        // In its log before it is in its store.
        TestCluster.soon().until(() -> second.raft.view().count(Table.NODES) == 300);
        cluster.join("n3");

        Node away = cluster.follower();
        cluster.stop(away.name);
        createAndPurge("b", away.raft.appliedIndex());
        // Its raft port may be the former one: the leader does not reach it before this test listens.
        cluster.cut(away.name);
        Node back = cluster.open(away.name, Start.RECOVER);
        try (Subscription follower = back.raft.subscribe("test", 2000)) {
            cluster.heal();
            cluster.add(back);
            TestCluster.soon().atMost(TestCluster.PATIENT).until(() -> back.raft.view().count(Table.NODES) == 600);
            assertThat(follower.poll(Duration.ofSeconds(20))).isInstanceOf(Resync.class);
        }
        cluster.create("c");
        cluster.awaitEverywhere("c");

        // All of it is on its disk too.
        cluster.stop(back.name);
        Node again = cluster.restart(back.name);
        TestCluster.soon().until(() -> again.raft.view().count(Table.NODES) == 601);
    }
}
