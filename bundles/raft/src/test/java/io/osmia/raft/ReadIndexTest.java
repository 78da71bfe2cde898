package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.raft.TestCluster.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A read that asks for it is never older than what was acknowledged before it. */
class ReadIndexTest {

    @TempDir
    Path directory;

    private TestCluster cluster;

    @BeforeEach
    void form() throws Exception {
        cluster = new TestCluster(directory, Fixture.LIMITS);
        cluster.form("n1", "n2", "n3");
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aLeaderThatWasCutOffDoesNotAnswerFromItsOldState() throws Exception {
        Node former = cluster.leader();
        cluster.create("before");
        // Confirmed once for this commit index; that must not count for ever.
        former.raft.linearizable().get(10, TimeUnit.SECONDS);

        cluster.cut(former.name);
        List<Node> others = cluster.nodes.values().stream().filter(n -> n != former).toList();
        TestCluster.asLeaderOf(others, leader -> leader.create("after"));
        CompletableFuture<Boolean> read = finds(former, "after");
        cluster.heal();

        // That it finds no leader in time is no answer; what it answers is as new as the write.
        assertThat(read.exceptionallyCompose(late -> finds(former, "after")).get(30, TimeUnit.SECONDS)).isTrue();
    }

    private static CompletableFuture<Boolean> finds(Node node, String id) {
        return node.raft.linearizable().thenApply(confirmed -> node.has(id));
    }

    @Test
    void everyMemberReadsWhatWasWrittenThroughAnother() throws Exception {
        for (int i = 0; i < 20; i++) {
            String id = "a" + i;
            cluster.create(id);
            for (Node node : cluster.nodes.values()) {
                node.raft.linearizable().get(10, TimeUnit.SECONDS);
                assertThat(node.has(id)).as("%s at %s", id, node.name).isTrue();
            }
        }
    }

    @Test
    void aMemberThatWasStartedAgainAtAnotherAddressIsAskedThere() throws Exception {
        Node follower = cluster.follower();
        Node leader = cluster.leader();
        leader.raft.linearizable().get(10, TimeUnit.SECONDS);
        cluster.stop(follower.name);
        Node again = cluster.restart(follower.name);
        String third = cluster.nodes.keySet().stream()
                .filter(name -> !name.equals(leader.name) && !name.equals(again.name))
                .findFirst()
                .orElseThrow();
        cluster.stop(third);
        leader.raft.linearizable().get(15, TimeUnit.SECONDS);
        again.raft.linearizable().get(15, TimeUnit.SECONDS);
    }
}
