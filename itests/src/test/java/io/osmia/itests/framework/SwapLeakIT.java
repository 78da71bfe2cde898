package io.osmia.itests.framework;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.cluster.PluginJars;
import io.osmia.itests.harness.Footprint;
import io.osmia.itests.harness.HostProcesses.Identity;
import io.osmia.itests.harness.OnDisk;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleWiring;

/** What a plugin leaves behind when it is replaced: nothing. */
class SwapLeakIT {

    private static final int SWAPS = 20;

    /** From then on nothing grows. */
    private static final int SETTLED = 4;

    private static final int TASKS = 3;

    /** A jar of the distribution's plugins, and the bundle in it. */
    private static final Map<String, String> PLUGINS = Map.of(
            "osmia-executor-process.jar", "io.osmia.executor.process",
            "osmia-strategy-spread.jar", "io.osmia.strategy.spread",
            "osmia-constraint-node.jar", "io.osmia.constraint.node");

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    void afterTwentySwapsThereAreNoMoreClassLoadersThreadsAndDescriptors() throws Exception {
        try (FrameworkNode node = new FrameworkNode(dir.resolve("n"))) {
            node.start(node.felix().bundles());
            node.awaitOneMore(TASKS);
            Map<String, Identity> processes = node.processes();
            List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
            Holds settled = Holds.now();
            for (int swap = 1; swap <= SWAPS; swap++) {
                Version version = new Version("1.0." + swap);
                for (Map.Entry<String, String> plugin : PLUGINS.entrySet()) {
                    swap(node.felix(), plugin.getKey(), plugin.getValue(), version);
                    loaders.add(new WeakReference<>(active(node.felix(), plugin.getValue()).orElseThrow()
                            .adapt(BundleWiring.class).getClassLoader()));
                }
                if (swap == SETTLED) {
                    settled = Holds.now();
                }
            }
            node.awaitOneMore(TASKS + 1);
            assertThat(node.processes()).containsAllEntriesOf(processes);
            Holds limit = new Holds(settled.threads() + 2, settled.descriptors() + 5);
            Awaitility.await("class loaders, threads and descriptors are given back; after swap " + SETTLED + " "
                    + settled).atMost(Footprint.UNTIL_IDLE_THREADS_END).untilAsserted(() -> {
                        System.gc();
                        assertThat(loaders.stream().filter(loader -> loader.get() != null).count())
                                .as("class loaders of plugins")
                                .isLessThanOrEqualTo(PLUGINS.size());
                        Holds now = Holds.now();
                        assertThat(now.threads()).as("threads").isLessThanOrEqualTo(limit.threads());
                        assertThat(now.descriptors()).as("descriptors").isLessThanOrEqualTo(limit.descriptors());
                    });
            System.out.println("SwapLeakIT: after swap " + SETTLED + " " + settled + ", after swap " + SWAPS + " "
                    + Holds.now());
        }
    }

    /** What this process holds. */
    private record Holds(long threads, long descriptors) {

        static Holds now() throws Exception {
            return new Holds(entries("task"), entries("fd"));
        }

        private static long entries(String folder) throws Exception {
            try (Stream<Path> entries = Files.list(Path.of("/proc/self", folder))) {
                return entries.count();
            }
        }
    }

    private void swap(Felix felix, String jar, String name, Version version) throws Exception {
        PluginJars.put(
                dir.resolve("n/plugins"), jar, PluginJars.withVersion(PluginJars.shipped(jar), version.toString()));
        Awaitility.await(name + " " + version + " is active")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> active(felix, name).filter(bundle -> bundle.getVersion().equals(version)).isPresent());
    }

    /** Empty while there are two of them, or none. */
    private static Optional<Bundle> active(Felix felix, String name) {
        List<Bundle> active = felix.bundles().stream()
                .filter(bundle -> name.equals(bundle.getSymbolicName()) && bundle.getState() == Bundle.ACTIVE)
                .toList();
        return active.size() == 1 ? Optional.of(active.getFirst()) : Optional.empty();
    }
}
