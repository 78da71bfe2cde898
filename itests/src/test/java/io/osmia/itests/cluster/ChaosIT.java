package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.StatusRuntimeException;
import io.osmia.itests.harness.AskingAgain;
import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.HostProcesses;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.NodeLogs;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Proxy.Fate;
import io.osmia.itests.harness.Services;
import io.osmia.itests.history.History;
import io.osmia.itests.history.Linearizability;
import io.osmia.itests.history.Verdict;
import io.osmia.wire.osmia.ManagerStatus;
import io.osmia.wire.swarmkit.ListConfigsRequest;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Three managers of which one after the other is killed, frozen or cut off, under clients that write all the time. */
@ExtendWith(NodeLogs.class)
@Timeout(value = 2, unit = TimeUnit.HOURS)
class ChaosIT {

    private static final int ROUNDS = Integer.getInteger("osmia.chaos.rounds", 10);
    private static final Duration FREEZE = Duration.ofSeconds(Integer.getInteger("osmia.chaos.freeze", 3));
    private static final Duration CUT = Duration.ofSeconds(Integer.getInteger("osmia.chaos.cut", 3));
    private static final int CLIENTS = 8;
    private static final int LEAST_SUCCEEDED = 1_000;
    private static final int OBJECTS = 12;

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    @DisplayName("rounds of kill -9, SIGSTOP and cut connections; the full run: README")
    void whatWasAcknowledgedStaysInOneOrder() throws Exception {
        long seed = Long.getLong("osmia.seed", System.nanoTime());
        Path kept = Path.of("target", "chaos-" + seed + ".history").toAbsolutePath();
        System.out.println("ChaosIT: seed " + seed + ", " + ROUNDS + " rounds, history in " + kept);
        Random random = new Random(seed);
        History history = new History();
        try (Cluster cluster = Cluster.behindProxies(dir)) {
            List<Node> managers = threeManagers(cluster);
            cluster.joinWorker("w1");
            cluster.joinWorker("w2");
            AskingAgain.create(() -> Services.create(managers.getFirst(), "keeps", 6, "sleep", "100000"));
            Set<String> tasks = ids(cluster.awaitRunning(6, Node.SOON));
            Map<String, HostProcesses.Identity> processes = cluster.processes();

            try (Clients clients = new Clients(managers, history)) {
                clients.names(names(0));
                clients.start(CLIENTS, seed);
                for (int round = 0; round < ROUNDS; round++) {
                    clients.names(names(round));
                    disturb(cluster, managers.get(random.nextInt(managers.size())), random, round);
                }
                Awaitility.await(LEAST_SUCCEEDED + " operations that succeeded")
                        .atMost(Duration.ofMinutes(5))
                        .until(() -> history.succeeded() >= LEAST_SUCCEEDED);
                clients.end();
                managers.forEach(cluster::awaitManager);
                managers.forEach(clients::readAll);
                assertLasting(managers, clients.lasting());
            } finally {
                history.write(kept);
            }
            assertSameDigests(managers);
            assertThat(cluster.processes()).as("processes of tasks").isEqualTo(processes);
            assertThat(ids(cluster.awaitRunning(6, Node.SOON))).isEqualTo(tasks);
        }
        Verdict verdict = new Linearizability(LEAST_SUCCEEDED).check(history);
        System.out.println("ChaosIT: " + (verdict instanceof Verdict.NoOrder no ? no.key() : verdict));
        assertThat(verdict).isInstanceOf(Verdict.Fits.class);
    }

    /** They run no tasks themselves: a task whose manager was frozen may well be replaced. */
    private static List<Node> threeManagers(Cluster cluster) throws Exception {
        Node first = cluster.found("m1", "--availability", "drain");
        Node second = cluster.joinManager("m2", "--availability", "drain");
        Node third = cluster.joinManager("m3", "--availability", "drain");
        cluster.await("is drained", first, node -> node.getSpec().getAvailability() == NodeSpec.Availability.DRAIN);
        return List.of(first, second, third);
    }

    /** Some objects are new in each round, some are from the round before. */
    private static List<String> names(int round) {
        return IntStream.range(0, OBJECTS).mapToObj(i -> "c" + (round * OBJECTS / 2 + i)).toList();
    }

    private static void disturb(Cluster cluster, Node victim, Random random, int round) throws Exception {
        String kind =
                switch (random.nextInt(4)) {
                    case 0 -> kill(cluster, victim);
                    case 1 -> freeze(cluster, victim);
                    case 2 -> cut(cluster, victim, Fate.CLOSE);
                    default -> cut(cluster, victim, Fate.HOLD);
                };
        System.out.println("ChaosIT: round " + round + ": " + victim.stateDir().getFileName() + " was " + kind);
    }

    private static String kill(Cluster cluster, Node victim) throws Exception {
        victim.kill();
        victim.launch();
        cluster.awaitManager(victim);
        return "killed";
    }

    private static String freeze(Cluster cluster, Node victim) throws Exception {
        victim.freeze();
        pass(FREEZE);
        victim.thaw();
        cluster.awaitManager(victim);
        return "frozen";
    }

    private static String cut(Cluster cluster, Node victim, Fate how) {
        cluster.cut(victim, how);
        pass(CUT);
        cluster.heal(victim);
        cluster.awaitManager(victim);
        return "cut off, " + how;
    }

    /** The length of the disturbance itself; nothing is waited for. */
    private static void pass(Duration time) {
        Awaitility.await("time to pass").pollDelay(time).atMost(time.plusSeconds(30)).until(() -> true);
    }

    private static void assertLasting(List<Node> managers, Set<String> acknowledged) {
        for (Node manager : managers) {
            Set<String> lost = new TreeSet<>(acknowledged);
            Awaitility.await("the configs of " + manager.stateDir())
                    .atMost(Node.SOON)
                    .ignoreException(StatusRuntimeException.class)
                    .until(() -> configs(manager), Objects::nonNull)
                    .forEach(lost::remove);
            assertThat(lost).as("acknowledged and lost at %s", manager.stateDir()).isEmpty();
        }
    }

    private static Set<String> configs(Node manager) {
        return manager.linearizable().listConfigs(ListConfigsRequest.getDefaultInstance())
                .getConfigsList()
                .stream()
                .map(config -> config.getSpec().getAnnotations().getName())
                .collect(Collectors.toSet());
    }

    private static void assertSameDigests(List<Node> managers) throws Exception {
        Awaitility.await("all managers at one version")
                .atMost(Node.SOON)
                .ignoreException(StatusRuntimeException.class)
                .untilAsserted(() -> {
                    List<ManagerStatus> all = managers.stream().map(Node::managerStatus).toList();
                    assertThat(all).extracting(ManagerStatus::getTrouble).containsOnly("");
                    assertThat(all).extracting(ManagerStatus::getStoreVersion)
                            .containsOnly(all.getFirst().getStoreVersion());
                    assertThat(all).extracting(ManagerStatus::getDigest).containsOnly(all.getFirst().getDigest());
                    assertThat(all.getFirst().getDigest()).isNotEmpty();
                });
        for (Node manager : managers) {
            assertThat(Files.readString(manager.log())).doesNotContain("OutOfMemoryError");
        }
    }

    private static Set<String> ids(List<Task> tasks) {
        return tasks.stream().map(Task::getId).collect(Collectors.toCollection(TreeSet::new));
    }
}
