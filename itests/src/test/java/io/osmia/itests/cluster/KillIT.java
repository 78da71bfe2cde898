package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.StatusRuntimeException;
import io.osmia.itests.harness.HostProcesses;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Services;
import io.osmia.wire.swarmkit.ContainerStatus;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the node: what was acknowledged stays, and processes do not notice. */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class KillIT {

    private static final int ROUNDS = Integer.getInteger("osmia.kill.rounds", 3);
    private static final int CLIENTS = 8;
    private static final int CREATES = 200;

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    @DisplayName("rounds of kill -9 under 8 clients that create services; -Dosmia.kill.rounds=20 for the full run")
    void acknowledgedServicesStayAndProcessesRunOn() throws Exception {
        long seed = Long.getLong("osmia.seed", System.nanoTime());
        System.out.println("KillIT: seed " + seed + ", " + ROUNDS + " rounds");
        Random random = new Random(seed);
        try (Node node = new Node(dir.resolve("node"))) {
            node.start();
            Services.create(node, "keeps", 10, "sleep", "100000");
            node.awaitRunning(10, Node.SOON);
            Set<String> acknowledged = Collections.synchronizedSet(new TreeSet<>());
            Set<String> tried = Collections.synchronizedSet(new TreeSet<>());
            for (int round = 0; round < ROUNDS; round++) {
                round(node, round, random.nextInt(10, 1500), tried, acknowledged);
            }
        }
    }

    private static void round(
            Node node, int round, int killAfterMillis, Set<String> tried, Set<String> acknowledged) throws Exception {
        Map<String, HostProcesses.Identity> before = HostProcesses.live(node.stateDir());
        assertThat(before).hasSize(10);
        String victim = before.keySet().iterator().next();

        createUntilKilled(node, round, killAfterMillis, tried, acknowledged);

        ProcessHandle.of(before.get(victim).pid()).orElseThrow().destroyForcibly();
        node.start();

        assertStored(node, acknowledged, tried);
        assertReportedOnceWith137(node, victim);
        node.awaitRunning(10, Node.SOON);
        Map<String, HostProcesses.Identity> after = HostProcesses.live(node.stateDir());
        before.remove(victim);
        assertThat(after).as("round %d: the processes are the same", round).containsAllEntriesOf(before);
    }

    private static void createUntilKilled(
            Node node, int round, int killAfterMillis, Set<String> tried, Set<String> acknowledged) throws Exception {
        AtomicInteger next = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int client = 0; client < CLIENTS; client++) {
                clients.execute(() -> {
                    for (int i = next.getAndIncrement(); i < CREATES; i = next.getAndIncrement()) {
                        String name = "round" + round + "-" + i;
                        tried.add(name);
                        try {
                            // No replicas: what is counted here is the log, not the processes.
                            Services.create(node, name, 0, "true");
                            acknowledged.add(name);
                        } catch (StatusRuntimeException e) {
                            return; // the node is gone: whether it was stored is open
                        }
                    }
                });
            }
            boolean ignored = end.await(killAfterMillis, TimeUnit.MILLISECONDS);
            node.kill();
        }
    }

    private static void assertStored(Node node, Set<String> acknowledged, Set<String> tried) {
        Map<String, Integer> found = new TreeMap<>();
        for (Service service : node.control()
                .listServices(ListServicesRequest.getDefaultInstance())
                .getServicesList()) {
            String name = service.getSpec().getAnnotations().getName();
            found.merge(name, 1, Integer::sum);
            if (!name.equals("keeps")) {
                assertThat(service.getSpec().getTask().getContainer().getCommandList()).containsExactly("true");
            }
        }
        assertThat(found.values()).as("each service is there once").containsOnly(1);
        assertThat(without(acknowledged, found.keySet())).as("acknowledged and lost").isEmpty();
        assertThat(without(found.keySet(), tried)).as("what nobody asked for in a round").containsExactly("keeps");
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    private static void assertReportedOnceWith137(Node node, String taskId) {
        Awaitility.await("the task that was killed while the node was down")
                .atMost(Node.SOON)
                .until(() -> node.tasks().stream()
                        .anyMatch(t -> t.getId().equals(taskId) && t.getStatus().getState() == TaskState.FAILED));
        List<Task> reports =
                node.tasks().stream().filter(t -> t.getId().equals(taskId)).toList();
        assertThat(reports).hasSize(1);
        ContainerStatus status = reports.getFirst().getStatus().getContainer();
        assertThat(status.getExitCode()).isEqualTo(137);
        assertThat(reports.getFirst().getStatus().getErr()).isEqualTo("task: non-zero exit (137)");
    }
}
