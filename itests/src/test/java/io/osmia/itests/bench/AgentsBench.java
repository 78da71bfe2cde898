package io.osmia.itests.bench;

import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.Node;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.NodeStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Many agents without tasks: how long until all have joined, and what they cost the manager then. */
final class AgentsBench {

    private static final int AGENTS = Integer.getInteger("osmia.bench.agents", 500);
    private static final Duration IDLE = Duration.ofSeconds(30);

    private AgentsBench() {}

    static void run(Path dir) throws Exception {
        try (Cluster cluster = Cluster.in(dir)) {
            Node manager = cluster.found("m1");
            String address = cluster.apiAddress(manager);
            String token = cluster.tokens().getWorker();
            try (SimulatedAgents warm = new SimulatedAgents(address, token)) {
                warm.join(50);
            }
            Figures.print("manager's memory before, resident", Figures.residentMegabytes(manager.process()), "MB");
            try (SimulatedAgents agents = new SimulatedAgents(address, token)) {
                long begin = System.nanoTime();
                agents.join(AGENTS);
                while (ready(manager) < AGENTS) {
                    LockSupport.parkNanos(20_000_000);
                }
                Figures.print(AGENTS + " agents joined and READY", Figures.millisSince(begin) / 1e3, "s");
                double before = Figures.processorSeconds(manager.process());
                LockSupport.parkNanos(IDLE.toNanos());
                double used = Figures.processorSeconds(manager.process()) - before;
                Figures.print("manager with them idle, processor", 100 * used / IDLE.toSeconds(), "% of a core");
                Figures.print("manager with them idle, resident", Figures.residentMegabytes(manager.process()), "MB");
                agents.requireAlive();
            }
        }
    }

    private static long ready(Node manager) {
        return manager.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                .filter(node -> node.getDescription().getHostname().startsWith("simulated"))
                .filter(node -> node.getStatus().getState() == NodeStatus.State.READY)
                .count();
    }
}
