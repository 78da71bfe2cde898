package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.StatusRuntimeException;
import io.osmia.engines.PrivateDocker;
import io.osmia.engines.PrivateEngine;
import io.osmia.engines.PrivatePodman;
import io.osmia.itests.harness.Closing;
import io.osmia.itests.harness.Containers;
import io.osmia.itests.harness.HostProcesses;
import io.osmia.itests.harness.HostProcesses.Identity;
import io.osmia.itests.harness.LogTail;
import io.osmia.itests.harness.Node;
import io.osmia.itests.harness.Services;
import io.osmia.wire.osmia.ListPluginsRequest;
import io.osmia.wire.osmia.PluginsGrpc;
import io.osmia.wire.swarmkit.CreateServiceRequest;
import io.osmia.wire.swarmkit.RestartPolicy;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.opentest4j.TestAbortedException;

/** One node with tasks of every executor that this machine can have, and with engines of its own. */
final class LoadedNode implements AutoCloseable {

    static final String PROCESS = "process";
    private static final String DOCKER = "docker";
    private static final String PODMAN = "podman";
    private static final String STAYS = "stays-";

    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final Pattern TAKEN_OVER = Pattern.compile("task (\\w+): taken over in state");
    private static final Pattern HANDED_OVER = Pattern.compile("workloads handed over to it in (\\d+) ms");

    private final Node node;
    private final Map<String, PrivateEngine> engines = new TreeMap<>();

    /** What is to stay as it is: by task id. */
    private final Map<String, Containers.Running> kept = new TreeMap<>();

    /** How tasks that end by themselves are to be reported, by service. */
    private final Map<String, String> ends = new TreeMap<>();

    /** What was reported of those that have ended. */
    private final Map<String, Task> ended = new HashMap<>();

    private int version;

    LoadedNode(Path dir) throws Exception {
        this.node = new Node(dir.resolve("node"));
        try {
            start(DOCKER, PrivateDocker::start);
            start(PODMAN, PrivatePodman::start);
            configure();
        } catch (Exception | Error e) {
            Closing.after(e, this);
            throw e;
        }
    }

    private void configure() throws IOException {
        Path conf = Files.createDirectories(node.stateDir().resolve("conf"));
        if (engines.get(DOCKER) instanceof PrivateDocker docker) {
            Files.writeString(
                    conf.resolve("io.osmia.executor.docker.cfg"), "host = " + docker.host() + "\npull = never\n");
        }
        if (engines.get(PODMAN) instanceof PrivatePodman podman) {
            Files.writeString(conf.resolve("io.osmia.executor.podman.cfg"), "socket = " + podman.socket() + "\n");
        }
    }

    /** Without it where this machine has none. */
    private void start(String kind, Callable<PrivateEngine> engine) throws Exception {
        try {
            engines.put(kind, engine.call());
        } catch (TestAbortedException e) {
            System.out.println("without " + kind + ": " + e.getMessage());
        }
    }

    Node node() {
        return node;
    }

    /** Of executors, in order. */
    List<String> kinds() {
        return Stream.concat(engines.keySet().stream(), Stream.of(PROCESS)).toList();
    }

    PrivateEngine engine(String kind) {
        return engines.get(kind);
    }

    /**
     * Starts so many tasks that stay, equally many with each executor. A node runs new containers with one engine, so it is
     * started once for each.
     */
    void load(int tasks, String... command) throws Exception {
        int share = tasks / kinds().size();
        for (String kind : engines.keySet()) {
            node.flag("--executor", kind);
            node.start();
            create(spec(kind, service(kind), share, command));
            awaitStaying(kind, share);
            node.terminate();
            node.withoutFlag("--executor", kind);
        }
        node.start();
        int rest = tasks - engines.size() * share;
        create(spec(PROCESS, service(PROCESS), rest, command));
        awaitStaying(PROCESS, rest);
        kept.putAll(live());
        assertThat(kept).hasSize(tasks);
    }

    /** Name of the service whose tasks stay, with this executor. */
    static String service(String kind) {
        return STAYS + kind;
    }

    /** Starts a task that ends by itself. New containers go to Docker where it is there. */
    void ending(String name, String kind, int seconds, int code) {
        ServiceSpec.Builder spec = spec(kind, name, 1, "sh", "-c", "sleep " + seconds + "; exit " + code);
        spec.getTaskBuilder().getRestartBuilder().setCondition(RestartPolicy.RestartCondition.NONE);
        create(spec);
        ends.put(name, "task: non-zero exit (" + code + ")");
    }

    private ServiceSpec.Builder spec(String kind, String name, int replicas, String... command) {
        ServiceSpec.Builder spec = Services.spec(name, replicas, command);
        PrivateEngine engine = engines.get(kind);
        if (engine != null) {
            spec.getTaskBuilder().getContainerBuilder().setImage(engine.image());
        }
        return spec;
    }

    private void create(ServiceSpec.Builder spec) {
        node.control().createService(CreateServiceRequest.newBuilder().setSpec(spec).build());
    }

    private void awaitStaying(String kind, int count) {
        await(count + " tasks of " + kind, () -> node.running().stream()
                .filter(task -> task.getServiceAnnotations().getName().equals(service(kind)))
                .count() == count);
    }

    /** What runs for the tasks that stay, as the machine and the engines see it. */
    Map<String, Containers.Running> live() throws IOException {
        Map<String, Containers.Running> live = new TreeMap<>();
        for (PrivateEngine engine : engines.values()) {
            live.putAll(Containers.live(engine));
        }
        HostProcesses.live(node.stateDir())
                .forEach((task, process) -> live.put(task, new Containers.Running("", process)));
        Set<String> staying = node.tasks().stream()
                .filter(task -> task.getServiceAnnotations().getName().startsWith(STAYS))
                .map(Task::getId)
                .collect(Collectors.toSet());
        live.keySet().retainAll(staying);
        return live;
    }

    /** That no process of a task that stays has ended. */
    void assertAlive() {
        kept.forEach((task, running) -> {
            Identity process = running.process();
            assertThat(process.start()).as("process %d of task %s", process.pid(), task).isNotEmpty();
            assertThat(HostProcesses.startOf(process.pid())).as("process %d of task %s", process.pid(), task)
                    .isEqualTo(process.start());
        });
    }

    /** That what was reported of a task that has ended is its end, and is not reported again. */
    void assertEndsReportedOnce() {
        for (Task task : node.tasks()) {
            String name = task.getServiceAnnotations().getName();
            if (task.getStatus().getStateValue() <= TaskState.RUNNING_VALUE) {
                assertThat(ended).as("ends of tasks").doesNotContainKey(task.getId());
                continue;
            }
            assertThat(task.getStatus().getErr()).as("end of task %s of %s", task.getId(), name)
                    .isEqualTo(ends.getOrDefault(name, "nothing, for it stays"));
            Task before = ended.putIfAbsent(task.getId(), task);
            if (before != null) {
                assertThat(task.getStatus()).as("end of %s", name).isEqualTo(before.getStatus());
            }
        }
    }

    /** Waits until all that end have, and all others are known to run; no task may have taken the place of another. */
    void assertNothingHappened() throws Exception {
        await("all ends are reported", () -> {
            assertEndsReportedOnce();
            return ended.size() == ends.size();
        });
        await("all others run", () -> node.running().size() == kept.size());
        assertThat(node.tasks()).as("tasks").hasSize(kept.size() + ends.size());
        assertThat(live()).isEqualTo(kept);
    }

    /** Replaces the executor; returns the milliseconds of the hand-over. */
    long swap(String kind) throws Exception {
        version++;
        String next = "1.0." + version;
        String jar = "osmia-executor-" + kind + ".jar";
        LogTail log = new LogTail(node.log());
        PluginJars.put(
                node.stateDir().resolve("plugins"), jar, PluginJars.withVersion(PluginJars.shipped(jar), next));
        await("executor " + kind + " " + next + " is active", () -> isActive(kind, next));
        return log.all(HANDED_OVER).stream().mapToLong(Long::parseLong).max().orElseThrow();
    }

    private boolean isActive(String kind, String wanted) {
        return PluginsGrpc.newBlockingStub(node.channel())
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .listPlugins(ListPluginsRequest.getDefaultInstance())
                .getPluginsList()
                .stream()
                .anyMatch(plugin -> plugin.getName().equals(kind)
                        && plugin.getVersion().equals(wanted)
                        && plugin.getState().equals("active"));
    }

    /** {@code kill -9}; what runs goes on. */
    void kill() throws InterruptedException {
        node.kill();
    }

    /** Starts the node; returns the milliseconds until it has taken over all tasks that stay. */
    long restart() throws IOException {
        LogTail log = new LogTail(node.log());
        long begun = System.nanoTime();
        node.launch();
        List<String> took = new ArrayList<>();
        Awaitility.await("all are taken over; the log is " + node.log())
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    took.clear();
                    took.addAll(log.all(TAKEN_OVER));
                    return new TreeSet<>(took).containsAll(kept.keySet());
                });
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        took.removeAll(ended.keySet());
        if (new TreeSet<>(took).size() != took.size()) {
            System.out.println("taken over more than once: " + took.stream()
                    .collect(Collectors.groupingBy(id -> id, TreeMap::new, Collectors.counting()))
                    .entrySet().stream().filter(task -> task.getValue() > 1).toList());
        }
        await("the node answers", this::answers);
        return millis;
    }

    private boolean answers() {
        node.channel().resetConnectBackoff();
        return !node.tasks().isEmpty();
    }

    static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(50))
                .ignoreException(StatusRuntimeException.class)
                .until(condition);
    }

    @Override
    public void close() {
        List<AutoCloseable> open = new ArrayList<>(List.of(node));
        open.addAll(engines.values());
        Closing.all(open);
    }
}
