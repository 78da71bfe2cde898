package io.osmia.itests.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A cluster's numbers: managers as processes of their own on loopback, with fsync, on a real disk. Each part has a cluster of
 * its own; the arguments name the parts, and none means all.
 */
public final class ClusterBench {

    private static final List<String> PARTS = List.of("writes", "failover", "agents", "dead-worker");

    private ClusterBench() {}

    public static void main(String[] arguments) throws Exception {
        Path base = Files.createDirectories(Path.of("target", "bench").toAbsolutePath());
        Figures.machine();
        for (String part : arguments.length == 0 ? PARTS : List.of(arguments)) {
            Path dir = Files.createTempDirectory(base, "");
            switch (part) {
                case "writes" -> {
                    BareRatis.run(dir.resolve("bare"));
                    WriteBench.run(dir);
                }
                case "failover" -> FailoverBench.run(dir);
                case "agents" -> AgentsBench.run(dir);
                case "dead-worker" -> DeadWorkerBench.run(dir);
                default -> throw new IllegalArgumentException("no part " + part + "; there are " + PARTS);
            }
        }
    }
}
