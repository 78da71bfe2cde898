package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.Footprint;
import io.osmia.itests.harness.HostProcesses;
import io.osmia.itests.harness.HostProcesses.Identity;
import io.osmia.itests.harness.Jcmd;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Services;
import io.osmia.wire.osmia.ListPluginsRequest;
import io.osmia.wire.osmia.Plugin;
import io.osmia.wire.osmia.PluginsGrpc;
import io.osmia.wire.swarmkit.CreateServiceRequest;
import io.osmia.wire.swarmkit.RestartPolicy;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The executor is replaced under running tasks, and none of them notices. */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class SwapExecutorIT {

    private static final int SWAPS = Integer.getInteger("osmia.swap.executor.swaps", 3);

    /** From then on nothing grows. */
    private static final int SETTLED = 20;

    /** Many swaps are for a machine that has nothing else to do. */
    private static final boolean FULL = SWAPS >= SETTLED;

    /** A node gives an executor five seconds to find all of them; a busy machine may not find 200. */
    private static final int TASKS = Integer.getInteger("osmia.swap.executor.tasks", FULL ? 200 : 60);
    private static final int ENDING = 10;

    /** Said of each thread that was given up at a hand-over and is still being ended: on a busy machine, of some. */
    private static final String LEFT_BEHIND = "ignores being interrupted";

    private static final String JAR = "osmia-executor-process.jar";
    private static final String CLASS = "io.osmia.executor.process.internal.ProcessExecutor";

    @TempDir(factory = OnDisk.class)
    Path dir;

    @Test
    void everyTaskKeepsItsProcessAndWhatEndsMeanwhileIsReportedOnce() throws Exception {
        try (Node node = new Node(dir.resolve("node"))) {
            node.start();
            Path folder = node.stateDir().resolve("plugins");
            Path gate = dir.resolve("gate");
            Services.create(node, "stays", TASKS, "sleep", "100000");
            // End with a code of their own as soon as the gate is there.
            ServiceSpec.Builder ends = Services.spec("ends", ENDING, "sh", "-c",
                    "until [ -e " + gate + " ]; do sleep 0.1; done; exit 7");
            ends.getTaskBuilder().getRestartBuilder().setCondition(RestartPolicy.RestartCondition.NONE);
            node.control().createService(CreateServiceRequest.newBuilder().setSpec(ends).build());
            node.awaitRunning(TASKS + ENDING, Node.SOON);
            Map<String, Identity> before = HostProcesses.live(node.stateDir());
            Map<String, Task> tasks = byId(node);
            assertThat(before).hasSize(TASKS + ENDING);
            Footprint settled = null;

            for (int swap = 1; swap <= SWAPS; swap++) {
                String version = "1.0." + swap;
                PluginJars.put(folder, "process.jar", PluginJars.withVersion(PluginJars.shipped(JAR), version));
                if (swap == SWAPS) {
                    Files.createFile(gate);
                }
                await("version " + version + " is active", () -> plugin(node, "active")
                        .filter(plugin -> plugin.getVersion().equals(version))
                        .isPresent());
                if (swap == SETTLED) {
                    settled = Footprint.of(node.process());
                }
            }
            await("their ends are reported", () -> failed(node).size() == ENDING);

            Map<String, Identity> after = HostProcesses.live(node.stateDir());
            for (Task task : node.tasks()) {
                if (task.getServiceAnnotations().getName().equals("stays")) {
                    assertThat(after.get(task.getId())).isEqualTo(before.get(task.getId())).isNotNull();
                    assertThat(task.getStatus().getState()).isEqualTo(TaskState.RUNNING);
                    assertThat(task.getStatus().getTimestamp())
                            .as("nothing was reported of task %s", task.getId())
                            .isEqualTo(tasks.get(task.getId()).getStatus().getTimestamp());
                }
            }
            assertThat(failed(node)).hasSize(ENDING).allSatisfy(
                    task -> assertThat(task.getStatus().getErr()).isEqualTo("task: non-zero exit (7)"));
            assertThat(node.cli("plugin", "ls").out()).contains("1.0." + SWAPS);
            await("the classes of the former versions are gone", () -> Jcmd.loaders(node.process(), CLASS) == 1);
            if (settled != null) {
                Footprint now = Footprint.of(node.process());
                System.out.println("after swap " + SETTLED + " " + settled + ", after swap " + SWAPS + " " + now);
                assertThat(now.threads()).isLessThanOrEqualTo(settled.threads() + 2);
                assertThat(now.descriptors()).isLessThanOrEqualTo(settled.descriptors() + 5);
                assertThat(now.classes()).isLessThanOrEqualTo(settled.classes() + settled.classes() / 100);
                assertThat(longestHandOver(node))
                        .as("milliseconds of the longest hand-over")
                        .isLessThanOrEqualTo(1000);
            }
            System.out.println("SwapExecutorIT: longest hand-over " + longestHandOver(node) + " ms");
            assertThat(node.logText().lines().filter(line -> FULL || !line.contains(LEFT_BEHIND)))
                    .noneMatch(line -> line.contains("ERROR"));
        }
    }

    @Test
    void anExecutorThatDoesNotFitIsRefusedAndNothingIsTouched() throws Exception {
        try (Node node = new Node(dir.resolve("node"))) {
            node.start();
            Path folder = node.stateDir().resolve("plugins");
            Services.create(node, "stays", 3, "sleep", "100000");
            node.awaitRunning(3, Node.SOON);
            Map<String, Identity> before = HostProcesses.live(node.stateDir());
            byte[] jar = PluginJars.withVersion(PluginJars.shipped(JAR), "2.0.0");
            Map<String, String> wrong = Map.of(
                    "Osmia-Handle-Versions", "it recovers handles of version",
                    "Osmia-Spi", "it was written for version",
                    "Bundle-Activator", "it does not start",
                    "Service-Component", "it offers no executor",
                    "Osmia-Executor", "it is of kind process, and its manifest says");
            Map<String, String> values = Map.of(
                    "Osmia-Handle-Versions", "99",
                    "Osmia-Spi", "[99,100)",
                    "Bundle-Activator", "not.There",
                    "Service-Component", "OSGI-INF/none.xml",
                    "Osmia-Executor", "another");
            for (String header : new TreeMap<>(wrong).keySet()) {
                PluginJars.put(folder, "process.jar", PluginJars.withHeader(jar, header, values.get(header)));
                await(header + " is refused", () -> plugin(node, "refused")
                        .filter(plugin -> plugin.getMessage().contains(wrong.get(header)))
                        .isPresent());
                assertThat(plugin(node, "active")).isPresent();
            }
            assertThat(HostProcesses.live(node.stateDir())).isEqualTo(before);
            assertThat(node.running()).hasSize(3);
            // The former one looks after them again.
            Services.create(node, "more", 1, "sleep", "100000");
            node.awaitRunning(4, Node.SOON);
        }
    }

    @Test
    void killNineIsTheSameAsAnExecutorThatLeaves() throws Exception {
        try (Node node = new Node(dir.resolve("node"))) {
            node.start();
            Path gate = dir.resolve("gate");
            Services.create(node, "stays", TASKS, "sleep", "100000");
            ServiceSpec.Builder ends = Services.spec("ends", ENDING, "sh", "-c",
                    "until [ -e " + gate + " ]; do sleep 0.1; done; exit 7");
            ends.getTaskBuilder().getRestartBuilder().setCondition(RestartPolicy.RestartCondition.NONE);
            node.control().createService(CreateServiceRequest.newBuilder().setSpec(ends).build());
            node.awaitRunning(TASKS + ENDING, Node.SOON);
            Map<String, Identity> before = HostProcesses.live(node.stateDir());
            node.kill();
            Files.createFile(gate);
            await("those that end have ended", () -> HostProcesses.live(node.stateDir()).size() == TASKS);
            node.start();
            await("all are taken over", () -> node.logText().lines()
                    .filter(line -> line.contains(": taken over in state RUNNING"))
                    .map(line -> line.replaceAll(".* task (\\w+): taken over.*", "$1"))
                    .distinct()
                    .count() == TASKS + ENDING);
            await("their ends are reported", () -> failed(node).size() == ENDING);
            assertThat(failed(node)).allSatisfy(
                    task -> assertThat(task.getStatus().getErr()).isEqualTo("task: non-zero exit (7)"));
            assertThat(before).containsAllEntriesOf(HostProcesses.live(node.stateDir()));
            assertThat(node.running()).hasSize(TASKS);
        }
    }

    private static List<Task> failed(Node node) {
        return node.tasks().stream()
                .filter(task -> task.getStatus().getState() == TaskState.FAILED)
                .toList();
    }

    private static Map<String, Task> byId(Node node) {
        Map<String, Task> tasks = new TreeMap<>();
        node.tasks().forEach(task -> tasks.put(task.getId(), task));
        return tasks;
    }

    private static Optional<Plugin> plugin(Node node, String state) {
        return PluginsGrpc.newBlockingStub(node.channel())
                .listPlugins(ListPluginsRequest.getDefaultInstance())
                .getPluginsList()
                .stream()
                .filter(plugin -> plugin.getName().equals("process") && plugin.getState().equals(state))
                .findFirst();
    }

    /** From the node's log. */
    private static int longestHandOver(Node node) throws Exception {
        try (Stream<String> lines = node.logText().lines()) {
            List<Integer> millis = lines.filter(line -> line.contains("workloads handed over "))
                    .map(line -> Integer.valueOf(line.replaceAll(".* in (\\d+) ms.*", "$1")))
                    .toList();
            assertThat(millis).hasSizeGreaterThanOrEqualTo(SWAPS);
            return millis.stream().mapToInt(Integer::intValue).max().orElseThrow();
        }
    }

    private static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what).atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100)).until(condition);
    }
}
