package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.broken.SpinningThreads;
import io.osmia.itests.harness.HostProcesses;
import io.osmia.itests.harness.HostProcesses.Identity;
import io.osmia.itests.harness.LogTail;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.NodeLogs;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Services;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A plugin whose virtual threads do not let go of the threads that carry them. */
@ExtendWith(NodeLogs.class)
class SpinningPluginIT {

    private static final String JAR = "osmia-executor-process.jar";
    private static final Pattern MORE_CARRIERS = Pattern.compile("virtual threads did not move, they have (\\d+)");

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    void theNodeGoesOnWhenAPluginKeepsAllCarriers() throws Exception {
        try (Node node = new Node(dir.resolve("node"))) {
            node.environment("OSMIA_NODE_OPTS", "-Djdk.virtualThreadScheduler.parallelism=2");
            node.start();
            Services.create(node, "stays", 1, "sleep", "100000");
            node.awaitRunning(1, Node.SOON);
            Map<String, Identity> before = HostProcesses.live(node.stateDir());
            LogTail log = new LogTail(node.log());

            Path jar = node.stateDir().resolve("plugins").resolve(JAR);
            PluginJars.put(jar.getParent(), JAR, PluginJars.with(
                    PluginJars.shipped(JAR),
                    Map.of("Bundle-Activator", SpinningThreads.class.getName(), "Bundle-Version", "1.0.1"),
                    Map.of(PluginJars.entry(SpinningThreads.class), PluginJars.code(SpinningThreads.class))));
            Awaitility.await("more carriers").atMost(Node.SOON).until(() -> !log.all(MORE_CARRIERS).isEmpty());

            Services.create(node, "comes", 1, "sleep", "100000");
            node.awaitRunning(2, Node.SOON);
            Files.delete(jar);
            Services.create(node, "comes-later", 1, "sleep", "100000");
            node.awaitRunning(3, Node.SOON);
            assertThat(HostProcesses.live(node.stateDir())).containsAllEntriesOf(before);
        }
    }
}
