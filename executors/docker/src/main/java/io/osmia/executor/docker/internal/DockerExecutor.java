package io.osmia.executor.docker.internal;

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
import io.osmia.executor.docker.internal.Settings.PullPolicy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Runs tasks as containers of a Docker Engine, which may be away and come back. */
@Component(service = Executor.class, immediate = true, configurationPid = "io.osmia.executor.docker")
@Designate(ocd = DockerExecutor.Config.class)
public final class DockerExecutor implements Executor, TaskOutput, TaskStatistics, TaskExec, TaskSignals {

    static final String KIND = "docker";
    static final int HANDLE_VERSION = 1;

    /** How long a call waits for the first word from the engine, and how long the beginning does. */
    private static final Duration FIRST = Duration.ofSeconds(2);

    private static final Duration BEGIN = Duration.ofMillis(500);

    private static final Duration STATISTICS = Duration.ofSeconds(5);

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

    /** Settings, file {@code conf/io.osmia.executor.docker.cfg}. */
    @ObjectClassDefinition(name = "Docker executor", description = "Containers of a Docker Engine as tasks")
    @interface Config {
        @AttributeDefinition(description = "Whether this node runs containers of a Docker Engine")
        boolean enabled() default true;

        @AttributeDefinition(description = "Where the engine is: unix:///path or tcp://host:port")
        String host() default "unix:///var/run/docker.sock";

        @AttributeDefinition(description = "Folder with ca.pem, cert.pem and key.pem for TLS; empty for none")
        String cert_path() default "";

        @AttributeDefinition(description = "Seconds that the engine may take to answer", min = "1", max = "600")
        int call_timeout() default 10;

        @AttributeDefinition(description = "Seconds that it may take to make, start or remove a container", min = "1", max = "3600")
        int work_timeout() default 120;

        @AttributeDefinition(description = "Seconds without progress after which a pull is given up", min = "1", max = "86400")
        int pull_timeout() default 300;

        @AttributeDefinition(description = "When images are pulled: always, missing or never")
        String pull() default "always";

        @AttributeDefinition(description = "How many containers are made or started at once", min = "1", max = "1000")
        int parallel() default 16;
    }

    private final Settings settings;
    private final String version;
    private final Host host;
    private final ContainerLogs logs;

    @Activate
    public DockerExecutor(BundleContext context, Config config) {
        this(settings(config), context.getBundle().getVersion().toString());
    }

    DockerExecutor(Settings settings, String version) {
        this.settings = settings;
        this.version = version;
        Engine engine = new Engine(settings);
        Bells bells = new Bells();
        Claims claims = new Claims();
        Watch watch = new Watch(engine, bells, claims::changed, Duration.ofSeconds(1), Duration.ofSeconds(5));
        this.host = new Host(engine, new Containers(engine), new Pulls(engine), watch, bells, claims);
        this.logs = new ContainerLogs(host);
        begin();
    }

    /** An engine that is there is known to be there from the beginning. */
    private void begin() {
        try {
            host.watch().awaitFirst(BEGIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Settings settings(Config config) {
        return new Settings(
                config.enabled(),
                URI.create(config.host()),
                config.cert_path().isEmpty() ? Optional.empty() : Optional.of(Path.of(config.cert_path())),
                Duration.ofSeconds(config.call_timeout()),
                Duration.ofSeconds(config.work_timeout()),
                Duration.ofSeconds(config.pull_timeout()),
                PullPolicy.valueOf(config.pull().toUpperCase(Locale.ROOT)),
                config.parallel());
    }

    @Override
    public ExecutorDescription describe() {
        Watch.State state = host.watch().state();
        String off = "containers are off on this node; set enabled in io.osmia.executor.docker.cfg";
        return new ExecutorDescription(
                KIND,
                version,
                settings.enabled() && state.available(),
                settings.enabled() ? state.why() : off,
                Set.of("*"),
                Set.of(),
                HONOURS,
                Set.of(HANDLE_VERSION),
                state.facts().labels(),
                state.facts().version(),
                state.facts().plugins());
    }

    @Override
    public TaskHandle handle(ExecutorTask task, String specDigest) throws ExecutorException {
        ContainerRequest request = ContainerRequest.of(task, specDigest);
        return handle(task.id(), specDigest, request.name());
    }

    private static TaskHandle handle(String taskId, String specDigest, String name) {
        return new TaskHandle(taskId, specDigest, KIND, HANDLE_VERSION, name.getBytes(StandardCharsets.UTF_8));
    }

    /** Name of the container. */
    private static String name(TaskHandle handle) throws ExecutorException {
        String name = new String(handle.data(), StandardCharsets.UTF_8);
        if (!handle.executorKind().equals(KIND)
                || handle.version() != HANDLE_VERSION
                || !ContainerRequest.isName(name)) {
            throw ExecutorException
                    .permanent("docker: task " + handle.taskId() + ": its handle (" + handle.executorKind()
                            + ", version " + handle.version() + ") is not one of this executor");
        }
        return name;
    }

    @Override
    public TaskController controller(ExecutorTask task, TaskHandle handle) throws ExecutorException {
        return new DockerController(host, task, name(handle), handle.specDigest());
    }

    @Override
    public Recovery recover(TaskHandle handle) {
        try {
            String name = name(handle);
            host.watch().awaitFirst(FIRST);
            Optional<Container> container = host.containers().inspect(name);
            container.ifPresent(seen -> host.claims().of(name).know(seen));
            Optional<Container> own = container.filter(found -> found.isOf(handle.taskId()));
            return own.isPresent() ? host.containers().settled(own.get()).recovery() : new Recovery.Gone();
        } catch (ExecutorException | EngineException e) {
            return new Recovery.Unknown(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Recovery.Unknown("interrupted");
        }
    }

    @Override
    public List<TaskHandle> list(String nodeId) throws ExecutorException, InterruptedException {
        host.watch().awaitFirst(FIRST);
        try {
            return host.containers().list(nodeId).stream()
                    .map(found -> handle(found.taskId(), found.specDigest(), found.name()))
                    .toList();
        } catch (EngineException e) {
            throw new ExecutorException("docker: cannot list containers: " + e.getMessage(), true, e);
        }
    }

    @Override
    public void read(TaskHandle handle, OutputRequest request, Sink sink)
            throws ExecutorException, InterruptedException {
        logs.read(name(handle), handle.taskId(), request, sink);
    }

    @Override
    public Usage usage(TaskHandle handle) throws ExecutorException, InterruptedException {
        String name = name(handle);
        try {
            Container container = running(handle, name);
            return Statistics.usage(host.containers().statistics(name, STATISTICS), container.memoryLimit());
        } catch (EngineException e) {
            throw Faults.of(handle.taskId(), "tell what container " + name + " uses", e);
        }
    }

    @Override
    public Session exec(TaskHandle handle, ExecRequest request) throws ExecutorException, InterruptedException {
        String name = name(handle);
        try {
            return ExecSession.start(host.engine(), running(handle, name), request);
        } catch (EngineException e) {
            throw Faults.of(handle.taskId(), "run a program in container " + name, e);
        }
    }

    @Override
    public void signal(TaskHandle handle, String signal) throws ExecutorException, InterruptedException {
        String name = name(handle);
        try {
            Container container = running(handle, name);
            host.containers().signal(container.name(), signal);
        } catch (EngineException e) {
            throw Faults.of(handle.taskId(), "signal container " + name, e);
        }
    }

    private Container running(TaskHandle handle, String name)
            throws ExecutorException, EngineException, InterruptedException {
        return host.containers()
                .inspect(name)
                .filter(found -> found.isOf(handle.taskId()) && found.running())
                .orElseThrow(() -> ExecutorException.permanent(
                        "docker: task " + handle.taskId() + ": container " + name + " does not run"));
    }

    @Override
    @Deactivate
    public void detach() {
        host.engine().close();
        host.watch().close();
    }
}
