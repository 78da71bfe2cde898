package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.Any;
import io.osmia.engines.InParallel;
import io.osmia.itests.broken.HangingActivator;
import io.osmia.itests.broken.SpinningExecutor;
import io.osmia.itests.broken.ThrowingActivator;
import io.osmia.itests.harness.AskingAgain;
import io.osmia.itests.harness.Cluster;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.HostProcesses.Identity;
import io.osmia.itests.harness.Jcmd;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.NodeLogs;
import io.osmia.itests.harness.OnDisk;
import io.osmia.itests.harness.Services;
import io.osmia.itests.harness.VendorProject;
import io.osmia.shell.Shell;
import io.osmia.shell.Surroundings;
import io.osmia.shell.internal.connect.Connections;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.CreateServiceRequest;
import io.osmia.wire.swarmkit.GenericRuntimeSpec;
import io.osmia.wire.swarmkit.Placement;
import io.osmia.wire.swarmkit.ReplicatedService;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.TaskSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@code doc/plugins.md} tells of a cluster, as an operator types it. */
@ExtendWith(NodeLogs.class)
class PluginRolloutIT {

    private static final String PROCESS = "osmia-executor-process.jar";
    private static final String PROCESS_CLASS = "io.osmia.executor.process.internal.ProcessExecutor";
    private static final int TASKS = 6;

    @TempDir(factory = OnDisk.class)
    Path dir;

    private Node first;
    private Node second;
    private Node third;
    private Path acme;

    /** Commands that were typed, with the names of files instead of their paths. */
    private final ConcurrentSkipListSet<String> typed = new ConcurrentSkipListSet<>();

    @Test
    void pluginsComeAndGoOverTheClusterAndNoTaskNotices() throws Exception {
        CompletableFuture<Path> vendor = InParallel.call(() -> VendorProject.build(dir));
        try (Cluster cluster = Cluster.in(dir)) {
            start(cluster);
            cluster.awaitAllReady();
            AskingAgain.create(() -> Services.create(first, "stays", TASKS, "sleep", "100000"));
            cluster.awaitRunning(TASKS, Node.SOON);
            Map<String, Identity> before = cluster.processes();
            acme = vendor.get();

            aVersionOfEachExecutor();
            aVendorsExecutor(cluster);
            brokenOnes();
            aNodeThatIsAway(cluster);
            backToTheBeginning();

            assertThat(cluster.processes()).isEqualTo(before);
            for (Node node : cluster.nodes()) {
                Awaitility.await("nothing is left on " + node.stateDir())
                        .atMost(Node.SOON)
                        .untilAsserted(() -> assertNothingIsLeft(node));
            }
            assertThat(typed).as("commands that the page tells").containsAll(told());
        }
    }

    private static void assertNothingIsLeft(Node node) throws Exception {
        assertThat(Jcmd.loaders(node.process(), PROCESS_CLASS)).as("loaders").isEqualTo(1);
        try (Stream<Path> files = Files.list(node.stateDir().resolve("plugins"))) {
            assertThat(files.map(file -> file.getFileName().toString())).allMatch(name -> name.equals(".kept"));
        }
    }

    private void start(Cluster cluster) throws Exception {
        first = cluster.found("node-1");
        // So that tasks of the node that is away for a moment are not started elsewhere, however slow the machine.
        assertThat(osmia(first, "cluster", "update", "--heartbeat-period", "30s").err()).isEmpty();
        second = cluster.newcomer("node-2", cluster.tokens().getManager());
        third = cluster.newcomer("node-3", cluster.tokens().getWorker());
        second.launch();
        third.launch();
        cluster.awaitManager(second);
        cluster.awaitReady(third);
    }

    private void aVersionOfEachExecutor() throws Exception {
        String shipped = versions("process").get("node-1");
        Path next = version(PluginJars.shipped(PROCESS), "process", "1.1.0");
        prints("node-3: executor process 1.1.0 would be active in place of " + shipped
                + "; 2 workloads would be handed over", "update", "--all", "--dry-run", next.toString());
        prints("node-2: executor process 1.1.0 is active in place of " + shipped
                + "; 2 workloads were handed over, none was touched", "update", "--node", "node-2", next.toString());
        assertThat(versions("process")).isEqualTo(Map.of("node-1", shipped, "node-2", "1.1.0", "node-3", shipped));
        prints("node-2: this jar is active there already",
                "update", "--all", "--parallelism", "3", next.toString());
        assertThat(second.cli("plugin", "inspect", "--node", "node-3", "process").out()).contains("1.1.0");
        for (String engine : List.of("docker", "podman")) {
            Path other = version(PluginJars.shipped("osmia-executor-" + engine + ".jar"), engine, "1.1.0");
            prints("node-3: executor " + engine + " 1.1.0 is active", "update", "--all", "--parallelism", "3",
                    other.toString());
            prints("node-3: executor " + engine + " " + shipped + " is active in place of 1.1.0", "rollback", "--all",
                    "--parallelism", "3", engine);
        }
    }

    private void aVendorsExecutor(Cluster cluster) throws Exception {
        prints("node-3: executor acme 1.0.0 is active", "install", "--all",
                version(acme, "acme", "1.0.0").toString());
        AskingAgain.create(() -> first.control()
                .createService(CreateServiceRequest.newBuilder().setSpec(acmeOn("node-2")).build()));
        cluster.awaitRunning(TASKS + 1, Node.SOON);
        prints("node-2: executor acme 1.1.0 is active in place of 1.0.0; 1 workloads were handed over", "update",
                "--all", version(acme, "acme", "1.1.0").toString());

        Path strange = write("acme-2.0.0.jar",
                PluginJars.with(acme, Map.of("Bundle-Version", "2.0.0", "Osmia-Handle-Versions", "2"), Map.of()));
        Distribution.Result stopped = type("update", "--all", strange.toString());
        assertThat(stopped.code()).isEqualTo(1);
        assertThat(stopped.out()).startsWith("node-1: executor acme 2.0.0 is active in place of 1.1.0");
        assertThat(stopped.err())
                .contains("node node-2: plugin acme 2.0.0 is refused: it recovers handles of version 2, and task ")
                .contains("stopped there, not touched: node-3; done: node-1; "
                        + "'osmia plugin rollback --all --version 2.0.0 acme' takes it back");
        assertThat(versions("acme")).isEqualTo(Map.of("node-1", "2.0.0", "node-2", "1.1.0", "node-3", "1.1.0"));
        prints("node-1: executor acme 1.1.0 is active in place of 2.0.0", "rollback", "--all", "--version", "2.0.0",
                "acme");
        assertThat(first.running()).hasSize(TASKS + 1);
    }

    private static ServiceSpec acmeOn(String node) {
        return ServiceSpec.newBuilder()
                .setAnnotations(Annotations.newBuilder().setName("vendors"))
                .setReplicated(ReplicatedService.newBuilder().setReplicas(1))
                .setTask(TaskSpec.newBuilder()
                        .setPlacement(Placement.newBuilder().addConstraints("node.hostname==" + node))
                        .setGeneric(GenericRuntimeSpec.newBuilder()
                                .setKind("acme")
                                .setPayload(Any.pack(ContainerSpec.newBuilder().setImage("acme").build()))))
                .build();
    }

    /** Each on one node, two of them at a time: what one does there is nothing to the others. */
    private void brokenOnes() throws Exception {
        CompletableFuture<Distribution.Result> hangs = InParallel.call(() -> type("update", "--node", "node-2",
                broken("hangs", Map.of("Bundle-Activator", HangingActivator.class.getName()), HangingActivator.class)));
        CompletableFuture<Distribution.Result> spins = InParallel.call(() -> type("update", "--node", "node-3",
                broken("spins", Map.of("Service-Component", "OSGI-INF/spins.xml"), SpinningExecutor.class)));
        byte[] whole = Files.readAllBytes(PluginJars.shipped(PROCESS));
        refuses("node node-1: the jar is refused: it is not a whole jar", "update", "--all",
                write("torn.jar", Arrays.copyOf(whole, whole.length / 2)).toString());
        refuses("it was written for version [2.0.0,3.0.0) of the plugin SPI", "update", "--node", "node-1",
                broken("major", Map.of("Osmia-Spi", "[2.0,3)"), ThrowingActivator.class));
        refuses("it does not start: ", "update", "--node", "node-1",
                broken("throws", Map.of("Bundle-Activator", ThrowingActivator.class.getName()),
                        ThrowingActivator.class));
        assertThat(hangs.get().err()).contains("it does not start: it did not start within 10 s");
        assertThat(spins.get().err()).contains("it did not recover the workload of task ").contains(" in time");

        // A worker that does not see the cluster's labels.
        label("--label-add", "osmia.plugins.signed=true");
        refuses("node node-3: plugin process 1.2.0 is refused: plugins must be signed in this cluster", "update",
                "--node", "node-3", version(PluginJars.shipped(PROCESS), "process", "1.2.0").toString());
        label("--label-rm", "osmia.plugins.signed");
        assertThat(versions("process")).isEqualTo(everywhere("1.1.0"));
    }

    private void label(String how, String label) {
        assertThat(osmia(first, "cluster", "update", how, label).err()).isEmpty();
    }

    private void aNodeThatIsAway(Cluster cluster) throws Exception {
        String jar = dir.resolve("process-1.2.0.jar").toString();
        third.kill();
        refuses("nothing was changed on any node", "update", "--all", jar);
        assertThat(versions("process")).isEqualTo(Map.of("node-1", "1.1.0", "node-2", "1.1.0", "node-3", ""));
        refuses("done: node-1, node-2", "update", "--all", "--on-failure", "continue", jar);
        third.launch();
        Awaitility.await("node-3 is back")
                .atMost(Node.SOON)
                .until(() -> type("inspect", "--node", "node-3", "process").code() == 0);
        prints("node-3: executor process 1.2.0 is active in place of 1.1.0", "update", "--all", jar);
        cluster.awaitRunning(TASKS + 1, Node.SOON);
    }

    private void backToTheBeginning() throws Exception {
        prints("node-3: executor process 1.1.0 is active in place of 1.2.0", "rollback", "--all", "process");
        assertThat(versions("process")).isEqualTo(everywhere("1.1.0"));
        refuses("looks after 1 workloads of this node", "remove", "--node", "node-2", "acme");
        assertThat(osmia(first, "service", "rm", "vendors").code()).isZero();
        Awaitility.await("the vendor's workload is gone")
                .atMost(Node.SOON)
                .until(() -> type("remove", "--all", "--dry-run", "acme").code() == 0);
        prints("node-3: executor acme 1.1.0 is removed", "remove", "--all", "acme");
        prints("node-3: executor process ", "remove", "--all", "process");
    }

    /** Of the active plugin of that name, by node; empty where there is none to be seen. */
    private Map<String, String> versions(String plugin) throws Exception {
        Map<String, String> versions = new TreeMap<>();
        for (String line : type("ls", "--all").out().lines().skip(2).toList()) {
            String[] words = line.strip().split("\\s+");
            versions.putIfAbsent(words[0], "");
            if (words[1].equals(plugin) && words[4].equals("active")) {
                versions.put(words[0], words[3]);
            }
        }
        return versions;
    }

    private static Map<String, String> everywhere(String version) {
        return Map.of("node-1", version, "node-2", version, "node-3", version);
    }

    private Path version(Path jar, String name, String version) throws IOException {
        return write(name + "-" + version + ".jar", PluginJars.withVersion(jar, version));
    }

    private Path write(String name, byte[] jar) throws IOException {
        return Files.write(dir.resolve(name), jar);
    }

    private String broken(String name, Map<String, String> headers, Class<?> harm) throws IOException {
        Map<String, String> all = new TreeMap<>(headers);
        all.put("Bundle-Version", "1.3.0");
        String component = """
                <?xml version="1.0" encoding="UTF-8"?>
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="broken" immediate="true">
                  <implementation class="%s"/>
                  <service><provide interface="io.osmia.api.executor.Executor"/></service>
                </scr:component>
                """.formatted(harm.getName());
        return write(name + ".jar", PluginJars.with(PluginJars.shipped(PROCESS), all, Map.of(
                PluginJars.entry(harm), PluginJars.code(harm), "OSGI-INF/spins.xml",
                component.getBytes(StandardCharsets.UTF_8)))).toString();
    }

    private void prints(String line, String... words) throws Exception {
        Distribution.Result result = type(words);
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines()).as(result.out()).anyMatch(printed -> printed.startsWith(line));
    }

    private void refuses(String why, String... words) throws Exception {
        Distribution.Result result = type(words);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains(why);
    }

    /** At the manager that does not lead. */
    private Distribution.Result type(String... words) throws Exception {
        String command = "osmia plugin " + String.join(" ", words);
        typed.add(command.replace(dir + "/", ""));
        return osmia(second, Stream.concat(Stream.of("plugin"), Arrays.stream(words)).toArray(String[]::new));
    }

    /** By the classes of the command line, without a Java of its own for each command. */
    private static Distribution.Result osmia(Node asked, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (Connections connections = new Connections()) {
            Surroundings surroundings = new Surroundings(
                    InputStream.nullInputStream(), new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    Map.of("SWARM_SOCKET", asked.socket().toString()), "", InstantSource.system(),
                    pause -> LockSupport.parkNanos(pause.toNanos()), connections);
            int code = new Shell(surroundings).run(words);
            return new Distribution.Result(
                    code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }
    }

    /** The commands under the page's heading. */
    private static List<String> told() throws IOException {
        String page = Files.readString(Distribution.HOME.resolve("doc/plugins.md"));
        int begin = page.indexOf("## Over the cluster");
        List<String> commands = page.substring(begin, page.indexOf("\n## ", begin + 1)).lines()
                .filter(line -> line.startsWith("    osmia plugin "))
                .map(String::strip)
                .toList();
        assertThat(commands).hasSizeGreaterThan(8);
        return commands;
    }
}
