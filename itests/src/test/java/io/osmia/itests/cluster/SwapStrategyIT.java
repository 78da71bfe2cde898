package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.HostProcesses;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Services;
import io.osmia.wire.osmia.ListPluginsRequest;
import io.osmia.wire.osmia.Plugin;
import io.osmia.wire.osmia.PluginsGrpc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A strategy is replaced again and again while it is in use. */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class SwapStrategyIT {

    private static final int TASKS = Integer.getInteger("osmia.swap.tasks", 100);
    private static final int SWAPS = 10;
    private static final String JAR = "osmia-strategy-spread.jar";

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    void everyGoodVersionPlacesTasksAndATruncatedOneIsNamedAndRefused() throws Exception {
        try (Node node = new Node(dir.resolve("node"))) {
            node.start();
            Path folder = node.stateDir().resolve("plugins");
            // Half of each share is created while the jar changes, the other half when the new version must place it.
            Semaphore share = new Semaphore(0);
            int half = TASKS / (2 * (SWAPS + 1));
            CompletableFuture<Void> creating = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < TASKS; i++) {
                    share.acquireUninterruptibly();
                    Services.create(node, "task-" + i, 1, "sleep", "100000");
                }
            });
            for (int swap = 1; swap <= SWAPS; swap++) {
                share.release(half);
                String version = "1.0." + swap;
                byte[] jar = PluginJars.withVersion(PluginJars.shipped(JAR), version);
                if (swap == SWAPS / 2) {
                    Files.write(folder.resolve("spread.jar"), jar); // in place, as cp does
                } else {
                    PluginJars.put(folder, "spread.jar", jar);
                }
                await("version " + version + " is active", () -> active(node).contains(version));
                share.release(half);
                await("version " + version + " places tasks", () -> node.logText()
                        .contains("spread " + version + " orders nodes"));
            }
            Map<String, HostProcesses.Identity> seen = HostProcesses.live(node.stateDir());
            byte[] last = PluginJars.withVersion(PluginJars.shipped(JAR), "1.0.99");
            Files.write(folder.resolve("spread.jar"), Arrays.copyOf(last, last.length * 2 / 3));
            await("the truncated jar is named", () -> node.logText().contains("spread.jar is refused"));
            share.release(TASKS);
            creating.join();
            node.awaitRunning(TASKS, Duration.ofMinutes(3));

            assertThat(HostProcesses.live(node.stateDir())).hasSize(TASKS).containsAllEntriesOf(seen);
            assertThat(node.logText())
                    .contains("spread.jar is refused: it is not a whole jar")
                    .doesNotContain("1.0.99 orders");
            assertThat(node.cli("plugin", "ls").out()).contains("1.0." + SWAPS).contains("refused");
        }
    }

    private static String active(Node node) {
        return PluginsGrpc.newBlockingStub(node.channel())
                .listPlugins(ListPluginsRequest.getDefaultInstance())
                .getPluginsList()
                .stream()
                .filter(plugin -> plugin.getName().equals("spread") && plugin.getState().equals("active"))
                .map(Plugin::getVersion)
                .collect(Collectors.joining());
    }

    private static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what).atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(100)).until(condition);
    }
}
