package io.osmia.executor.podman.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExec;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.executor.TaskOutput;
import io.osmia.api.executor.TaskSignals;
import io.osmia.api.executor.TaskStatistics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Runs tasks as containers of the Podman on this machine. */
@Component(service = Executor.class, immediate = true, configurationPid = "io.osmia.executor.podman", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PodmanExecutor.Config.class)
public final class PodmanExecutor implements Executor, TaskOutput, TaskStatistics, TaskSignals, TaskExec {

    static final String KIND = "podman";
    private static final int HANDLE_VERSION = 1;

    private static final String OFF = "Podman is off on this node (enabled in io.osmia.executor.podman.cfg)";

    private static final Duration FIRST_WORD = Duration.ofMillis(900);
    private static final Duration STARTS_BOUND = Duration.ofMillis(300);
    private static final Duration USAGE_BOUND = Duration.ofMillis(4500);
    private static final Set<String> NETWORKS = Set.of("", "bridge", "host", "none", "pasta", "slirp4netns");

    /** Fields of the spec and limits that are honoured; with the others a task is refused. */
    private static final Set<String> HONOURS = Set.of(
            "image",
            "labels",
            "command",
            "args",
            "hostname",
            "env",
            "dir",
            "user",
            "groups",
            "privileges",
            "init",
            "tty",
            "open_stdin",
            "read_only",
            "stop_signal",
            "mounts",
            "stop_grace_period",
            "pull_options",
            "hosts",
            "dns_config",
            "healthcheck",
            "isolation",
            "pidsLimit",
            "sysctls",
            "capability_add",
            "capability_drop",
            "ulimits",
            "oom_score_adj",
            "resources.nano_cpus",
            "resources.memory_bytes",
            "resources.swap_bytes",
            "resources.memory_swappiness",
            "log_driver",
            "ports");

    /** Settings, file {@code conf/io.osmia.executor.podman.cfg}. */
    @ObjectClassDefinition(name = "Podman executor", description = "Containers of the Podman on this machine as tasks")
    @interface Config {
        @AttributeDefinition(description = "Whether this node runs containers of Podman")
        boolean enabled() default true;

        @AttributeDefinition(description = "Unix socket of Podman's API")
        String socket() default "/run/podman/podman.sock";

        @AttributeDefinition(description = "Network of containers: bridge, host, none, pasta or slirp4netns; empty for Podman's choice")
        String network() default "";
    }

    private final boolean enabled;
    private final String version;
    private final Host host;

    @Activate
    public PodmanExecutor(BundleContext context, Config config) {
        this(
                config.enabled(),
                Path.of(config.socket()),
                config.network(),
                context.getBundle().getVersion().toString());
    }

    PodmanExecutor(Path socket, String network, String version) {
        this(true, socket, network, version);
    }

    /** @param enabled whether it takes new work; what runs is looked after in any case */
    PodmanExecutor(boolean enabled, Path socket, String network, String version) {
        if (!NETWORKS.contains(network)) {
            throw new IllegalArgumentException(
                    "network '" + network + "' of io.osmia.executor.podman.cfg is not one of "
                            + String.join(", ", NETWORKS.stream().sorted().toList()));
        }
        this.enabled = enabled;
        this.version = version;
        PodmanApi api = new PodmanApi(socket);
        Changes changes = new Changes();
        Containers containers = new Containers(api, changes);
        this.host = new Host(
                api,
                new EngineWatch(api, containers, changes),
                changes,
                containers,
                new Images(api),
                new HealthChecks(api),
                network);
        host.watch().start(FIRST_WORD);
    }

    @Override
    public ExecutorDescription describe() {
        EngineWatch.Engine engine = host.watch().engine();
        return new ExecutorDescription(
                KIND,
                version,
                enabled && engine.available(),
                enabled ? engine.message() : OFF,
                Set.of("*"),
                Set.of(),
                HONOURS,
                Set.of(HANDLE_VERSION),
                Map.of(),
                engine.version(),
                engine.plugins());
    }

    @Override
    public TaskHandle handle(ExecutorTask task, String specDigest) throws ExecutorException {
        ContainerRequest.check(task);
        return handle(task.id(), specDigest, task.name());
    }

    private static TaskHandle handle(String taskId, String specDigest, String container) {
        return new TaskHandle(
                taskId, specDigest, KIND, HANDLE_VERSION, container.getBytes(StandardCharsets.UTF_8));
    }

    /** The name of the container. */
    private static String container(TaskHandle handle) throws ExecutorException {
        String name = new String(handle.data(), StandardCharsets.UTF_8);
        if (!handle.executorKind().equals(KIND)
                || handle.version() != HANDLE_VERSION
                || !ContainerRequest.isName(name)) {
            throw Refusals.never("the handle of task " + handle.taskId() + " (kind " + handle.executorKind()
                    + ", version " + handle.version() + ") is not one of this executor");
        }
        return name;
    }

    @Override
    public TaskController controller(ExecutorTask task, TaskHandle handle) throws ExecutorException {
        return new PodmanController(host, task, container(handle), handle.specDigest());
    }

    @Override
    public Recovery recover(TaskHandle handle) {
        try {
            String name = container(handle);
            var found = host.containers().inspect(name).filter(any -> any.taskId().equals(handle.taskId()));
            if (found.isEmpty()) {
                return new Recovery.Gone();
            }
            ContainerState state = found.get();
            return switch (state.phase()) {
                case PREPARED -> new Recovery.Prepared();
                case RUNNING, PAUSED -> state.healthy() || state.unhealthy()
                        ? new Recovery.Running()
                        : new Recovery.Starting();
                case ENDED, LOST -> new Recovery.Exited(host.health().exit(name, state));
            };
        } catch (ExecutorException e) {
            return new Recovery.Unknown(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Recovery.Unknown("podman: interrupted");
        }
    }

    @Override
    public List<TaskHandle> list(String nodeId) throws ExecutorException, InterruptedException {
        List<TaskHandle> handles = new ArrayList<>();
        for (JsonObject container : host.containers().labelled(Labels.NODE_ID, nodeId)) {
            JsonObject labels = Json.object(container, "Labels");
            List<String> names = Json.texts(container, "Names");
            // Another tool may use Docker's labels; only this one leaves the digest.
            if (labels.has(Labels.SPEC_DIGEST) && !names.isEmpty()) {
                handles.add(handle(
                        Labels.read(labels, Labels.TASK_ID), Labels.read(labels, Labels.SPEC_DIGEST),
                        names.getFirst()));
            }
        }
        return handles;
    }

    @Override
    public void read(TaskHandle handle, OutputRequest request, Sink sink)
            throws ExecutorException, InterruptedException {
        new LogReader(host, container(handle), handle.taskId(), request, sink).read();
    }

    @Override
    public Usage usage(TaskHandle handle) throws ExecutorException, InterruptedException {
        String name = container(handle);
        long limit = running(handle, name).memoryLimit();
        Answer answer = host.api().get(
                PodmanApi.at("containers", "stats")
                        .addQueryParameter("containers", name)
                        .addQueryParameter("stream", "false"),
                USAGE_BOUND);
        JsonArray all = Json.array(answer.object(), "Stats");
        if (!answer.ok() || all.isEmpty()) {
            throw ExecutorException.temporary(
                    "podman: container " + name + ": no statistics: " + answer.complaint());
        }
        JsonElement stats = all.get(0);
        JsonObject now = stats.isJsonObject() ? stats.getAsJsonObject() : new JsonObject();
        return new Usage(
                Instant.now(),
                OptionalLong.of(Json.number(now, "CPUNano")),
                OptionalLong.of(Json.number(now, "MemUsage")),
                limit > 0 ? OptionalLong.of(limit) : OptionalLong.empty(),
                OptionalLong.of(Json.number(now, "PIDs")),
                OptionalLong.of(Json.number(now, "BlockInput")),
                OptionalLong.of(Json.number(now, "BlockOutput")));
    }

    private ContainerState running(TaskHandle handle, String name) throws ExecutorException, InterruptedException {
        return host.containers()
                .inspect(name)
                .filter(state -> state.taskId().equals(handle.taskId()) && state.runs())
                .orElseThrow(() -> notRunning(name));
    }

    private static ExecutorException notRunning(String name) {
        return Refusals.never("container " + name + " does not run");
    }

    @Override
    public void signal(TaskHandle handle, String signal) throws ExecutorException, InterruptedException {
        String name = container(handle);
        OptionalInt number = Signals.number(signal);
        if (number.isEmpty()) {
            throw Refusals.never("there is no signal '" + signal + "'");
        }
        running(handle, name);
        if (!host.containers().signal(name, number.getAsInt())) {
            throw notRunning(name);
        }
    }

    @Override
    public Session exec(TaskHandle handle, ExecRequest request) throws ExecutorException, InterruptedException {
        String name = container(handle);
        if (request.command().isEmpty()) {
            throw Refusals.never("container " + name + ": no program to run");
        }
        running(handle, name);
        return ExecSession.start(host, name, request);
    }

    @Override
    @Deactivate
    public void detach() {
        try {
            host.containers().awaitStarts(STARTS_BOUND);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        host.api().close();
        host.watch().close();
    }
}
