package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.raft.TestCluster.Node;
import io.osmia.raft.internal.service.StateComparison;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.apache.ratis.util.MD5FileUtil;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several members of which some have another state on disk than was written, and cannot know it. */
class StateComparisonMembersTest {

    private static final RaftLimits OFTEN =
            Fixture.LIMITS.withSnapshotInterval(20).withKeptEntries(1000).withCheckInterval(5);

    /** Key version before the content of a snapshot, and the check sum at its end. */
    private static final int HEAD = Integer.BYTES;

    private static final int SUM = Integer.BYTES;

    @TempDir
    Path directory;

    private final ManagerCalls calls = new ManagerCalls();
    private final Map<String, String> stopped = new ConcurrentHashMap<>();
    private final Map<String, StateComparison> comparisons = new HashMap<>();
    private TestCluster cluster;
    private int written;

    @BeforeEach
    void form() throws Exception {
        cluster = new TestCluster(directory, OFTEN);
        cluster.form("n1", "n2", "n3");
        for (String name : List.of("n1", "n2", "n3")) {
            TestCluster.soon().until(() -> {
                write();
                return !Fixture.snapshots(directory.resolve(name)).isEmpty();
            });
        }
        cluster.awaitEverywhere("w" + (written - 1));
    }

    @AfterEach
    void close() {
        comparisons.values().forEach(StateComparison::stop);
        calls.close();
        cluster.close();
    }

    /** Not so fast that a comparison is forgotten before all have asked for it. */
    private static ConditionFactory soonWhileWriting() {
        return TestCluster.soon().pollInterval(Duration.ofMillis(50)).atMost(Duration.ofSeconds(60));
    }

    private void write() {
        cluster.create("w" + written);
        written++;
    }

    /** Stops them all, changes what these have in their snapshots, and starts all again. */
    private void lead(Map<String, Character> astray) throws Exception {
        cluster.close();
        for (Map.Entry<String, Character> member : astray.entrySet()) {
            alter(Fixture.snapshots(directory.resolve(member.getKey())).getLast(), member.getValue());
        }
        cluster.restartAll("n1", "n2", "n3");
    }

    /** One letter of one object is another one, and all check sums fit. */
    private static void alter(Path snapshot, char letter) throws IOException {
        byte[] bytes = Files.readAllBytes(snapshot);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("xxxxx");
        assertThat(at).as("a text in the snapshot").isPositive();
        bytes[at] = (byte) letter;
        CRC32C sum = new CRC32C();
        sum.update(bytes, HEAD, bytes.length - HEAD - SUM);
        ByteBuffer.wrap(bytes).putInt(bytes.length - SUM, (int) sum.getValue());
        Files.write(snapshot, bytes);
        MD5FileUtil.saveMD5File(snapshot.toFile(), MD5FileUtil.computeMd5ForFile(snapshot.toFile()));
    }

    private void compare() throws Exception {
        for (Node node : List.copyOf(cluster.nodes.values())) {
            calls.serve(node, new MemoryKeys());
            node.raft.onFatal(why -> stopped.put(node.name, why));
            comparisons.put(
                    node.name,
                    new StateComparison(
                            node.raft, node.raft, calls.channels(), node.raft, ManagerCalls.role(node)));
        }
    }

    private void goOnWithout(String name) {
        comparisons.remove(name).stop();
        calls.stop(name);
        cluster.stop(name);
        for (int i = 0; i < 20; i++) {
            write();
        }
        cluster.awaitEverywhere("w" + (written - 1));
        assertThat(stopped).containsOnlyKeys(name);
        TestCluster.soon().untilAsserted(() -> assertThat(cluster.nodes.values())
                .allSatisfy(node -> assertThat(node.raft.trouble()).isEmpty()));
    }

    @Test
    @DisplayName("a follower whose state differs from the majority's stops and says why; the others go on")
    void aFollowerInTheMinorityStops() throws Exception {
        lead(Map.of("n3", 'y'));
        cluster.leadBy("n1");
        compare();
        soonWhileWriting().until(() -> {
            write();
            return stopped.containsKey("n3");
        });
        assertThat(stopped.get("n3"))
                .startsWith("this manager's copy of the state at version ")
                .contains("is not what the majority of the managers have; it stops");
        goOnWithout("n3");
    }

    @Test
    @DisplayName("a leader whose state differs from the majority's steps down first")
    void aLeaderInTheMinorityStepsDownAndStops() throws Exception {
        lead(Map.of("n3", 'y'));
        cluster.leadBy("n3");
        Node astray = cluster.node("n3");
        List<Boolean> ledAtTheEnd = new ArrayList<>();
        compare();
        astray.raft.onFatal(why -> {
            TestCluster.soon().until(() -> cluster.node("n1").leads() || cluster.node("n2").leads());
            ledAtTheEnd.add(astray.leads());
        });
        soonWhileWriting().until(() -> {
            write();
            return stopped.containsKey("n3");
        });
        TestCluster.soon().until(() -> !ledAtTheEnd.isEmpty());
        assertThat(ledAtTheEnd).containsExactly(false);
        goOnWithout("n3");
    }

    @Test
    @DisplayName("when no state has a majority nobody stops, and the health of each says so")
    void withoutAMajorityNobodyStops() throws Exception {
        lead(Map.of("n2", 'y', "n3", 'z'));
        compare();
        soonWhileWriting().untilAsserted(() -> {
            write();
            assertThat(cluster.nodes.values()).allSatisfy(node -> assertThat(node.raft.trouble())
                    .hasValueSatisfying(why -> assertThat(why)
                            .startsWith("the managers' copies of the state differ at version ")
                            .contains("none of 3 has a majority behind it")));
        });
        assertThat(stopped).isEmpty();
        write();
    }
}
