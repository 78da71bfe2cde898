package io.osmia.itests.bench;

import io.grpc.StatusRuntimeException;
import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** From the leader's end until a create succeeds through another manager. */
final class FailoverBench {

    private static final int KILLS = 10;
    private static final int STOPS = 5;

    private FailoverBench() {}

    /** How a leader ends. */
    private interface End {
        void of(Node leader) throws Exception;
    }

    static void run(Path dir) throws Exception {
        try (Cluster cluster = Cluster.in(dir)) {
            cluster.found("m1");
            cluster.joinManager("m2");
            cluster.joinManager("m3");
            Figures.print("kill -9 of the leader until a create", rounds(cluster, KILLS, Node::kill), "ms");
            Figures.print(
                    "planned stop of the leader until a create",
                    rounds(cluster, STOPS, node -> node.process().destroy()),
                    "ms");
        }
    }

    private static List<Double> rounds(Cluster cluster, int count, End end) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Node leader = cluster.leader();
            List<Node> others =
                    cluster.managers().stream().filter(node -> node != leader).toList();
            others.forEach(node -> Secrets.create(node.control()));
            long begin = System.nanoTime();
            end.of(leader);
            awaitCreate(others);
            millis.add(Figures.millisSince(begin));
            leader.process().waitFor();
            leader.launch();
            cluster.awaitManager(leader);
        }
        return millis;
    }

    private static void awaitCreate(List<Node> managers) throws InterruptedException {
        CountDownLatch created = new CountDownLatch(1);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            managers.forEach(manager -> clients.execute(() -> {
                while (created.getCount() > 0) {
                    if (create(manager)) {
                        created.countDown();
                    }
                }
            }));
            if (!created.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nothing could be created for a minute");
            }
            clients.shutdownNow();
        }
    }

    /** A manager that knows of no leader says so at once, or waits for one. */
    private static boolean create(Node manager) {
        try {
            Secrets.create(manager.control().withDeadlineAfter(1, TimeUnit.SECONDS));
            return true;
        } catch (StatusRuntimeException e) {
            LockSupport.parkNanos(5_000_000);
            return false;
        }
    }
}
