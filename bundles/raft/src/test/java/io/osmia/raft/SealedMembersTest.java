package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.raft.RaftConfig.Start;
import io.osmia.raft.TestCluster.Node;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several members whose log is sealed, each with log keys of its own. */
class SealedMembersTest {

    private static final RaftLimits OFTEN =
            Fixture.LIMITS.withSnapshotInterval(50).withKeptEntries(0);

    @TempDir
    Path directory;

    private final Map<String, MemoryKeys> keys = new ConcurrentHashMap<>();
    private final Set<String> fetchers = ConcurrentHashMap.newKeySet();
    private TestCluster cluster;

    @BeforeEach
    void open() {
        cluster = new TestCluster(directory, OFTEN);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private Node open(String name, Start start) throws Exception {
        MemoryKeys own = keys.computeIfAbsent(name, n -> new MemoryKeys());
        return cluster
                .open(cluster.config(name, start).withLogKeys(own).withMissingKey(version -> fetch(name, version)));
    }

    /** As a manager does that meets a key it does not hold: it asks the others. */
    private void fetch(String name, int version) {
        fetchers.add(name);
        for (MemoryKeys other : keys.values()) {
            SecretKey key = other.key(version);
            if (key != null) {
                keys.get(name).learn(version, key);
            }
        }
    }

    /** Before it is used, unless it was fetched already. */
    private void learn(String name, Set<String> lacking) {
        if (!keys.get(name).versions().contains(2)) {
            keys.get(name).learn(2, MemoryKeys.ofSeed(2));
            lacking.remove(name);
        }
    }

    private Node join(String name) throws Exception {
        Node joining = open(name, Start.JOIN);
        cluster.add(joining);
        TestCluster.soon().until(joining.raft::joined);
        return joining;
    }

    @Test
    @DisplayName("RAF-021 in intent: the log key changes under writes; a member without it fetches it; a newcomer gets a sealed"
            + " snapshot")
    void theKeyChangesUnderWrites() throws Exception {
        open("n1", Start.FOUND);
        // Sealed by the founder, whoever leads later.
        cluster.create("first");
        join("n2");
        join("n3");
        cluster.awaitEverywhere("first");
        assertThat(keys.values()).extracting(MemoryKeys::current).containsOnly(1);

        // One follower has the next key before it is used, the other was away then.
        fetchers.clear();
        Set<String> lacking = new HashSet<>(cluster.nodes.keySet());
        learn(cluster.follower().name, lacking);
        for (int i = 0; i < 120; i++) {
            if (i >= 40) {
                String leader = cluster.leader().name;
                learn(leader, lacking);
                keys.get(leader).use(2);
            }
            cluster.create("w" + i);
        }
        cluster.awaitEverywhere("w119");
        assertThat(keys.values()).as("in use everywhere").extracting(MemoryKeys::current).containsOnly(2);
        assertThat(fetchers).isEqualTo(lacking);

        Node newcomer = join("n4");
        cluster.awaitOn(List.of(newcomer), "first");
        cluster.awaitOn(List.of(newcomer), "w119");
        assertThat(keys.get("n4").current()).isEqualTo(2);
    }
}
