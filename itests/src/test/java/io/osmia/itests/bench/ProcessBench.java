package io.osmia.itests.bench;

import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.Services;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.RemoveServiceRequest;
import io.osmia.wire.swarmkit.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Many plain processes on one node that is manager and worker: from the call that creates the service until all are RUNNING,
 * what memory each costs the node, and from the call that removes a service until nothing of it is left. Prints medians.
 */
public final class ProcessBench {

    private static final int ROUNDS = Integer.getInteger("osmia.bench.rounds", 3);
    private static final int STARTED = Integer.getInteger("osmia.bench.processes", 1000);
    private static final int REMOVED = 200;

    private final Node node;

    private ProcessBench(Node node) {
        this.node = node;
    }

    public static void main(String[] args) throws Exception {
        Path dir = Files.createTempDirectory(Files.createDirectories(Path.of("target", "bench").toAbsolutePath()), "");
        Figures.machine();
        try (Node node = new Node(dir.resolve("node"))) {
            node.start();
            new ProcessBench(node).run();
        }
    }

    private void run() throws IOException {
        // What is loaded and compiled once belongs to no task.
        remove(start("warm", 20));
        List<Double> seconds = new ArrayList<>();
        List<Double> kilobytes = new ArrayList<>();
        List<Double> removals = new ArrayList<>();
        List<Double> own = new ArrayList<>();
        List<Double> all = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            double before = Figures.residentMegabytes(node.process());
            double nodeBefore = Figures.processorSeconds(node.process().toHandle());
            double machineBefore = machineSeconds();
            long begin = System.nanoTime();
            String many = start("many-" + round, STARTED);
            seconds.add(Figures.millisSince(begin) / 1000);
            own.add((Figures.processorSeconds(node.process().toHandle()) - nodeBefore));
            all.add(machineSeconds() - machineBefore);
            kilobytes.add((Figures.residentMegabytes(node.process()) - before) * 1024 / STARTED);
            remove(many);
            String some = start("some-" + round, REMOVED);
            begin = System.nanoTime();
            remove(some);
            removals.add(Figures.millisSince(begin) / 1000);
        }
        // Memory that was given to the tasks of one round serves those of the next: the greatest figure is the first round's.
        Figures.print(STARTED + " processes, create until all RUNNING", seconds, "s");
        Figures.print("  of which the node's processor time", own, "s");
        Figures.print("  and the whole machine's", all, "s");
        Figures.print("node memory for each of them", kilobytes, "KB");
        Figures.print(REMOVED + " processes, remove until nothing is left", removals, "s");
        Figures.machine();
    }

    /** Processor time that was spent on anything, by anybody. */
    private static double machineSeconds() throws IOException {
        String[] fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +");
        // user, nice, system
        return (Long.parseLong(fields[1]) + Long.parseLong(fields[2]) + Long.parseLong(fields[3])) / 100.0;
    }

    /** Creates a service and waits until all its tasks are RUNNING. */
    private String start(String name, int replicas) {
        String id = Services.create(node, name, replicas, "sleep", "100000").getId();
        // Files are counted first: asking the node for a thousand tasks again and again would be part of what is measured.
        await(() -> entries("run") >= replicas);
        ListTasksRequest request = ListTasksRequest.newBuilder()
                .setFilters(ListTasksRequest.Filters.newBuilder().addServiceIds(id))
                .build();
        await(() -> node.control().listTasks(request).getTasksList().stream()
                .filter(task -> task.getStatus().getState() == TaskState.RUNNING)
                .count() == replicas);
        return id;
    }

    /** Removes the only service and waits until the node has nothing of its tasks. */
    private void remove(String id) {
        node.control().removeService(RemoveServiceRequest.newBuilder().setServiceId(id).build());
        await(() -> entries("tasks") == 0 && node.tasks().isEmpty());
    }

    private long entries(String folder) {
        try (Stream<Path> entries = Files.list(node.stateDir().resolve("worker/process").resolve(folder))) {
            return entries.count();
        } catch (IOException e) {
            return -1;
        }
    }

    private static void await(BooleanSupplier condition) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(5))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(condition::getAsBoolean);
    }
}
