package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.raft.RaftConfig.Start;
import io.osmia.raft.TestCluster.Node;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rule 8.3.6. */
class ForceNewTest {

    @TempDir
    Path directory;

    @Test
    void aSurvivorBecomesAClusterOfItsOwnWithAllItsObjectsAndTakesOthersIn() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, Fixture.LIMITS)) {
            cluster.form("n1", "n2", "n3");
            cluster.create("kept");
            cluster.awaitEverywhere("kept");
            String name = cluster.follower().name;
            cluster.close();

            Node survivor = cluster.open(name, Start.FORCE_NEW);
            assertThat(cluster.leader()).isSameAs(survivor);
            assertThat(survivor.memberIds()).containsExactly(TestCluster.raftId(name));
            assertThat(survivor.has("kept")).isTrue();
            cluster.create("after");

            cluster.stop(name);
            Node again = cluster.open(name, Start.RECOVER);
            assertThat(cluster.leader()).isSameAs(again);
            assertThat(again.has("after")).isTrue();
            cluster.join("n4");
            cluster.awaitMembers(name, "n4");
            cluster.awaitEverywhere("kept");
        }
    }
}
