package io.osmia.itests.bench;

import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.Node;
import io.osmia.wire.swarmkit.ControlGrpc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Small secrets through the leader of three managers, by one client and by 64, over its unix socket. */
final class WriteBench {

    private static final int WARM_UP = 3_000;
    private static final int TIMED = 2_000;
    private static final int THROUGH_FOLLOWER = 300;
    private static final int CLIENTS = 64;
    private static final Duration LOAD = Duration.ofSeconds(8);

    private WriteBench() {}

    static void run(Path dir) throws Exception {
        try (Cluster cluster = Cluster.in(dir)) {
            cluster.found("m1");
            cluster.joinManager("m2");
            cluster.joinManager("m3");
            Node leader = cluster.leader();
            many(leader, LOAD, "");
            one(leader, WARM_UP);
            Figures.print("create a secret, 1 client, warm", one(leader, TIMED), "ms");
            Node follower = cluster.managers().stream()
                    .filter(node -> node != leader)
                    .findFirst()
                    .orElseThrow();
            one(follower, THROUGH_FOLLOWER);
            Figures.print("  through a follower", one(follower, THROUGH_FOLLOWER), "ms");
            many(leader, LOAD, "create a secret, 64 clients");
            Figures.print("leader's resident memory after that", Figures.residentMegabytes(leader.process()), "MB");
        }
    }

    private static List<Double> one(Node leader, int count) {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ControlGrpc.ControlBlockingStub control = leader.control();
            long begin = System.nanoTime();
            Secrets.create(control);
            millis.add(Figures.millisSince(begin));
        }
        return millis;
    }

    private static void many(Node leader, Duration time, String what) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        List<Double> millis = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Double>>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                clients.add(threads.submit(() -> {
                    List<Double> own = new ArrayList<>();
                    while (System.nanoTime() < end) {
                        own.addAll(one(leader, 1));
                    }
                    return own;
                }));
            }
            for (Future<List<Double>> client : clients) {
                millis.addAll(client.get());
            }
        }
        if (!what.isEmpty()) {
            Figures.print(what, millis, "ms");
            Figures.print(what + ": rate", millis.size() / (double) time.toSeconds(), "/s");
        }
    }
}
