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
            RaftLimits.DEFAULT.withSnapshotInterval(100).withKeptEntries(20);

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

    private void createAndPurge(String prefix) {
        for (int i = 0; i < 300; i++) {
            Node leader = cluster.leader();
            String id = prefix + i;
            leader.raft.update(leader.term.get(), tx -> tx.create(Table.NODES, great(id)));
        }
        Path state = directory.resolve(cluster.leader().name);
        // When the last snapshot is taken depends on how long the one before it took: the next one comes with more entries.
        TestCluster.soon().untilAsserted(() -> {
            touch(prefix + 0);
            assertThat(Fixture.segments(state).getFirst().getFileName().toString())
                    .doesNotMatch("log_(inprogress_)?0(-.*)?");
        });
    }

    private void touch(String id) {
        Node leader = cluster.leader();
        leader.raft.update(leader.term.get(), tx -> {
            io.osmia.wire.swarmkit.Node stored = tx.get(Table.NODES, id);
            NodeDescription touched = NodeDescription.newBuilder()
                    .setHostname("v" + stored.getMeta().getVersion().getIndex())
                    .build();
            return tx.update(Table.NODES, stored.toBuilder().setDescription(touched).build());
        });
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
        createAndPurge("a");
        Node second = cluster.join("n2");
        // In its log before it is in its store.
        TestCluster.soon().until(() -> second.raft.view().count(Table.NODES) == 300);
        cluster.join("n3");

        Node away = cluster.follower();
        cluster.stop(away.name);
        createAndPurge("b");
        Node back = cluster.open(away.name, Start.RECOVER);
        try (Subscription follower = back.raft.subscribe("test", 2000)) {
            cluster.add(back);
            TestCluster.soon().until(() -> back.raft.view().count(Table.NODES) == 600);
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
