package io.osmia.itests.bench;

import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.HostProcesses;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.Services;
import io.osmia.wire.swarmkit.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** From a worker's death until all that it ran is RUNNING elsewhere, with the heartbeat of 5 s that is the default. */
final class DeadWorkerBench {

    private static final int ROUNDS = 5;
    private static final int REPLICAS = 9;

    private DeadWorkerBench() {}

    static void run(Path dir) throws Exception {
        try (Cluster cluster = Cluster.in(dir)) {
            Node manager = cluster.found("m1", "--availability", "drain");
            List<Node> workers =
                    List.of(cluster.joinWorker("w1"), cluster.joinWorker("w2"), cluster.joinWorker("w3"));
            Services.create(manager, "moves", REPLICAS, "sleep", "100000");
            cluster.awaitRunning(REPLICAS, Duration.ofSeconds(30));
            List<Double> seconds = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                seconds.add(round(cluster, manager, workers));
            }
            Figures.print("dead worker's tasks RUNNING elsewhere", seconds, "s");
        }
    }

    /** The victim is the one that runs most; it comes back afterwards. */
    private static double round(Cluster cluster, Node manager, List<Node> workers) throws Exception {
        Node victim = workers.stream()
                .max((a, b) -> Integer.compare(count(manager, a), count(manager, b)))
                .orElseThrow();
        String id = victim.id().orElseThrow();
        long begin = System.nanoTime();
        victim.kill();
        HostProcesses.killAll(victim.stateDir());
        Awaitility.await("its tasks run elsewhere")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    List<Task> running = manager.running();
                    return running.size() == REPLICAS
                            && running.stream().noneMatch(task -> task.getNodeId().equals(id));
                });
        double seconds = Figures.millisSince(begin) / 1e3;
        victim.launch();
        cluster.awaitReady(victim);
        return seconds;
    }

    private static int count(Node manager, Node worker) {
        String id = worker.id().orElseThrow();
        return (int) manager.running().stream().filter(task -> task.getNodeId().equals(id)).count();
    }
}
