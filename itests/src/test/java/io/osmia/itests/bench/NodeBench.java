package io.osmia.itests.bench;

import io.grpc.StatusRuntimeException;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.Services;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.RemoveServiceRequest;
import io.osmia.wire.swarmkit.TaskState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/**
 * A node's numbers as seen from another process, on a real disk: cold start on an existing state directory, idle memory, one
 * command, one-replica service until RUNNING. Prints medians.
 */
public final class NodeBench {

    private static final int STARTS = 7;
    private static final int COMMANDS = 15;
    private static final int CREATES = 40;

    private NodeBench() {}

    public static void main(String[] args) throws Exception {
        Path dir = Files.createTempDirectory(Files.createDirectories(Path.of("target", "bench").toAbsolutePath()), "");
        Figures.machine();
        try (Node node = new Node(dir.resolve("node"))) {
            node.start();
            Services.create(node, "there", 1, "sleep", "100000");
            node.terminate();
            coldStarts(node);
            Figures.print("idle memory, resident", Figures.residentMegabytes(node.process()), "MB");
            commands(node);
            creates(node);
        }
    }

    private static void coldStarts(Node node) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            long begin = System.nanoTime();
            node.launch();
            while (!answers(node)) {
                if (!node.process().isAlive()) {
                    throw new IllegalStateException("node ended: " + node.logText());
                }
                LockSupport.parkNanos(1_000_000);
            }
            // The command itself is part of what a person waits for.
            Distribution.Result result = node.cli("node", "ls");
            if (result.code() != 0) {
                throw new IllegalStateException(result.err());
            }
            millis.add((System.nanoTime() - begin) / 1e6);
            if (i < STARTS - 1) {
                node.terminate();
            }
        }
        Figures.print("cold start until 'node ls' answers", millis, "ms");
    }

    private static boolean answers(Node node) {
        try {
            node.channel().resetConnectBackoff();
            node.control().listNodes(ListNodesRequest.getDefaultInstance());
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    private static void commands(Node node) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < COMMANDS; i++) {
            long begin = System.nanoTime();
            Distribution.Result result = node.cli("service", "ls");
            millis.add((System.nanoTime() - begin) / 1e6);
            if (result.code() != 0) {
                throw new IllegalStateException(result.err());
            }
        }
        Figures.print("command 'service ls'", millis, "ms");
    }

    private static void creates(Node node) {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < CREATES; i++) {
            long begin = System.nanoTime();
            String id = Services.create(node, "bench-" + i, 1, "sleep", "100000").getId();
            ListTasksRequest request = ListTasksRequest.newBuilder()
                    .setFilters(ListTasksRequest.Filters.newBuilder().addServiceIds(id))
                    .build();
            Awaitility.await()
                    .pollInterval(java.time.Duration.ofMillis(2))
                    .pollDelay(java.time.Duration.ZERO)
                    .until(() -> node.control().listTasks(request).getTasksList().stream()
                            .anyMatch(task -> task.getStatus().getState() == TaskState.RUNNING));
            millis.add((System.nanoTime() - begin) / 1e6);
            node.control().removeService(RemoveServiceRequest.newBuilder().setServiceId(id).build());
        }
        Figures.print("one replica, create until RUNNING", millis, "ms");
    }
}
