package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.HostProcesses;
import io.osmia.itests.harness.HostProcesses.Identity;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Services;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code osmia plugin} on a node that runs tasks. */
class PluginCommandsIT {

    private static final int TASKS = 5;
    private static final String JAR = "osmia-executor-process.jar";

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    void anExecutorIsUpdatedAndRolledBackUnderItsTasks() throws Exception {
        try (Node node = new Node(dir.resolve("node"))) {
            node.start();
            Services.create(node, "stays", TASKS, "sleep", "100000");
            node.awaitRunning(TASKS, Duration.ofSeconds(60));
            Map<String, Identity> before = HostProcesses.live(node.stateDir());
            String former = version(node);
            String second = version("1.0.1").toString();

            prints(node,
                    "executor process 1.0.1 would be active in place of " + former + "; 5 workloads would be handed"
                            + " over",
                    "update", "--dry-run", second);
            assertThat(version(node)).isEqualTo(former);
            prints(node,
                    "executor process 1.0.1 is active in place of " + former + "; 5 workloads were handed over, none"
                            + " was touched",
                    "update", second);
            prints(node, "executor process 1.0.2 is active in place of 1.0.1", "update", version("1.0.2").toString());
            assertThat(node.cli("plugin", "inspect", "process").out()).contains("1.0.2").contains("Former Version");
            prints(node, "executor process 1.0.1 is active in place of 1.0.2", "rollback", "process");
            prints(node, "executor process " + former + " is active in place of 1.0.1", "remove", "process");
            assertThat(version(node)).isEqualTo(former);

            refuses(node, "came with the distribution", "remove", "process");
            refuses(node, "plugin nobody not found", "rollback", "nobody");
            refuses(node, "is installed already", "install", second);
            Path torn = Files.write(dir.resolve("torn.jar"), new byte[100]);
            refuses(node, "not a whole jar", "update", torn.toString());

            assertThat(node.cli("cluster", "update", "--label-add", "osmia.plugins.signed=true").code()).isZero();
            refuses(node, "plugins must be signed in this cluster", "update", second);
            assertThat(HostProcesses.live(node.stateDir())).isEqualTo(before);
            assertThat(node.running()).hasSize(TASKS);
        }
    }

    private Path version(String version) throws Exception {
        return Files.write(dir.resolve(version + ".jar"), PluginJars.withVersion(PluginJars.shipped(JAR), version));
    }

    private static String version(Node node) throws Exception {
        return node.cli("plugin", "ls").out().lines()
                .filter(line -> line.startsWith("process ") && line.contains(" active "))
                .map(line -> line.split("\\s+")[2])
                .findFirst()
                .orElseThrow();
    }

    private static void prints(Node node, String text, String... words) throws Exception {
        Distribution.Result result = run(node, words);
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith(text);
    }

    private static void refuses(Node node, String why, String... words) throws Exception {
        Distribution.Result result = run(node, words);
        assertThat(result.code()).isNotZero();
        assertThat(result.err()).contains(why);
    }

    private static Distribution.Result run(Node node, String... words) throws Exception {
        String[] all = new String[words.length + 1];
        all[0] = "plugin";
        System.arraycopy(words, 0, all, 1, words.length);
        return node.cli(all);
    }
}
