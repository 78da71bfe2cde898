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
        cluster = new TestCluster(directory, RaftLimits.DEFAULT);
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
        TestCluster.soon().until(() -> others.stream().anyMatch(Node::leads));
        others.stream().filter(Node::leads).findFirst().orElseThrow().create("after");
        CompletableFuture<Boolean> read = former.raft.linearizable().thenApply(confirmed -> former.has("after"));
        cluster.heal();

        assertThat(read.get(20, TimeUnit.SECONDS)).isTrue();
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
