package io.osmia.itests.bench;

import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.Node;
import io.osmia.wire.swarmkit.ListNodesRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Many agents without tasks: how long until all have joined, and what they cost the manager then. */
final class AgentsBench {

    private static final int AGENTS = Integer.getInteger("osmia.bench.agents", 500);
    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final int WINDOWS = Integer.getInteger("osmia.bench.agents.windows", 4);

    /** The last of them stay. */
    private static final int ROUNDS = Integer.getInteger("osmia.bench.agents.rounds", 1);

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
            for (int former = 1; former < ROUNDS; former++) {
                try (SimulatedAgents others = new SimulatedAgents(address, token)) {
                    joined(manager, others);
                }
            }
            try (SimulatedAgents agents = new SimulatedAgents(address, token)) {
                joined(manager, agents);
                idle(manager);
                agents.requireAlive();
            }
        }
    }

    private static void joined(Node manager, SimulatedAgents agents) throws Exception {
        long begin = System.nanoTime();
        double managers = Figures.processorSeconds(manager.process().toHandle());
        double own = Figures.processorSeconds(ProcessHandle.current());
        agents.join(AGENTS);
        while (agents
                .ready(manager.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList()) < AGENTS) {
            LockSupport.parkNanos(20_000_000);
        }
        Figures.print(AGENTS + " agents joined and READY", Figures.millisSince(begin) / 1e3, "s");
        Figures.print(
                "  processor of the manager", Figures.processorSeconds(manager.process().toHandle()) - managers, "s");
        Figures.print("  processor of the agents", Figures.processorSeconds(ProcessHandle.current()) - own, "s");
    }

    private static void idle(Node manager) throws IOException {
        for (int window = 0; window < WINDOWS; window++) {
            double before = Figures.processorSeconds(manager.process().toHandle());
            LockSupport.parkNanos(WINDOW.toNanos());
            double used = Figures.processorSeconds(manager.process().toHandle()) - before;
            Figures.print(
                    "manager with them idle, " + window * WINDOW.toSeconds() + " s after joining, processor",
                    100 * used / WINDOW.toSeconds(),
                    "% of a core");
        }
        Figures.print("manager with them idle, resident", Figures.residentMegabytes(manager.process()), "MB");
    }
}
