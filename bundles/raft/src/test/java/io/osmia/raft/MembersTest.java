package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several members, over TLS. */
class MembersTest {

    @TempDir
    Path directory;

    private TestCluster cluster;

    @BeforeEach
    void open() {
        cluster = new TestCluster(directory, RaftLimits.DEFAULT);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    @DisplayName("RAF-001, RAF-002, RAF-004: three managers agree on members and leader, and a write reaches each store")
    void threeManagersAgree() throws Exception {
        cluster.form("n1", "n2", "n3");
        cluster.awaitMembers("n1", "n2", "n3");
        cluster.create("a");
        cluster.awaitEverywhere("a");
        assertThat(cluster.nodes.values())
                .allSatisfy(n -> assertThat(n.raft.leader().orElseThrow().nodeId())
                        .isEqualTo(cluster.leader().name));
    }
}
