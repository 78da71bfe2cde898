package io.osmia.itests.bench;

import io.osmia.engines.PrivateDocker;
import io.osmia.engines.PrivateEngine;
import io.osmia.engines.PrivatePodman;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.Services;
import io.osmia.wire.swarmkit.CreateServiceRequest;
import io.osmia.wire.swarmkit.RemoveServiceRequest;
import io.osmia.wire.swarmkit.ServiceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;

/**
 * Many containers on one engine: from the call that creates the service until all are RUNNING, and beside it, in the same run,
 * what the same number of create and start calls needs on the bare engine. Prints medians and their ratio.
 */
public final class EngineBench {

    private static final int ROUNDS = Integer.getInteger("osmia.bench.rounds", 3);
    private static final int CONTAINERS = Integer.getInteger("osmia.bench.containers", 100);

    /** As many calls as Docker's own tools make at once. */
    private static final int AT_ONCE = 16;

    private static final String CONTAINER = """
            {"Image": "%s", "Cmd": ["sleep", "100000"]}""";

    private final PrivateEngine engine;
    private final Node node;

    private EngineBench(PrivateEngine engine, Node node) {
        this.engine = engine;
        this.node = node;
    }

    /** @param args docker, which is the default, or podman */
    public static void main(String[] args) throws Exception {
        boolean podman = args.length > 0 && args[0].equals("podman");
        Path dir = Files.createTempDirectory(Files.createDirectories(Path.of("target", "bench").toAbsolutePath()), "");
        Figures.machine();
        try (PrivateEngine engine = podman ? PrivatePodman.start() : PrivateDocker.start();
                Node node = new Node(dir.resolve("node"))) {
            Path conf = Files.createDirectories(node.stateDir().resolve("conf"));
            String other = podman ? "docker" : "podman";
            Files.writeString(conf.resolve("io.osmia.executor." + other + ".cfg"), "enabled = false\n");
            Files.writeString(
                    conf.resolve("io.osmia.executor." + (podman ? "podman" : "docker") + ".cfg"),
                    podman ? "socket = " + engine.socket() + "\n"
                            : "host = unix://" + engine.socket() + "\npull = never\n");
            node.start();
            new EngineBench(engine, node).run();
        }
        Figures.machine();
    }

    private void run() throws Exception {
        // What is loaded and compiled once belongs to no round.
        managed("warm", AT_ONCE);
        bare("warm", AT_ONCE);
        List<Double> managed = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            bare.add(bare("bare-" + round, CONTAINERS));
            managed.add(managed("managed-" + round, CONTAINERS));
        }
        Figures.print(CONTAINERS + " containers, bare engine, " + AT_ONCE + " calls at once", bare, "s");
        Figures.print(CONTAINERS + " containers, create until all RUNNING", managed, "s");
        Figures.print("ratio of the medians", median(managed) / median(bare), "");
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Seconds until a service of so many tasks runs. */
    private double managed(String name, int count) {
        ServiceSpec.Builder spec = Services.spec(name, count, "sleep", "100000");
        spec.getTaskBuilder().getContainerBuilder().setImage(engine.image());
        long begin = System.nanoTime();
        String id = node.control().createService(CreateServiceRequest.newBuilder().setSpec(spec).build())
                .getService().getId();
        await(() -> node.running().size() == count);
        double seconds = Figures.millisSince(begin) / 1000;
        node.control().removeService(RemoveServiceRequest.newBuilder().setServiceId(id).build());
        await(() -> node.tasks().isEmpty() && engine.get("/v1.40/containers/json?all=1").strip().equals("[]"));
        return seconds;
    }

    /** Seconds until so many containers run that nobody manages. */
    private double bare(String name, int count) throws Exception {
        String container = CONTAINER.formatted(engine.image());
        long begin = System.nanoTime();
        each(count, i -> {
            engine.post("/v1.40/containers/create?name=" + name + "-" + i, container);
            engine.post("/v1.40/containers/" + name + "-" + i + "/start", "");
        });
        double seconds = Figures.millisSince(begin) / 1000;
        each(count, i -> engine.delete("/v1.40/containers/" + name + "-" + i + "?force=1&v=1"));
        return seconds;
    }

    @FunctionalInterface
    private interface Work {
        void on(int number) throws IOException;
    }

    private static void each(int count, Work work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                all.add(threads.submit(() -> {
                    work.on(number);
                    return number;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(5))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(condition);
    }
}
