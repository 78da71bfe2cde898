package io.osmia.executor.process.internal;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Health;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExec;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.executor.TaskOutput;
import io.osmia.api.executor.TaskSignals;
import io.osmia.api.executor.TaskStatistics;
import io.osmia.executor.process.internal.TaskFiles.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Runs tasks of image {@code osmia/host} and generic tasks of kind {@code process} as plain processes of this machine. */
@Component(service = Executor.class, immediate = true, configurationPid = "io.osmia.executor.process", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ProcessExecutor.Config.class)
public final class ProcessExecutor implements Executor, TaskOutput, TaskStatistics, TaskExec, TaskSignals {

    static final String KIND = "process";
    static final String IMAGE = "docker.io/osmia/host";
    private static final int HANDLE_VERSION = 1;

    /** Fields of the spec and limits that are honoured; with the others a task is refused. */
    private static final Set<String> HONOURS = Set.of(
            "image",
            "labels",
            "command",
            "args",
            "env",
            "dir",
            "user",
            "stop_signal",
            "stop_grace_period",
            "healthcheck",
            "ulimits",
            "pidsLimit",
            "resources.nano_cpus",
            "resources.memory_bytes");

    /** What an isolated process can have besides. */
    private static final Set<String> HONOURS_ISOLATED = Stream.concat(
            HONOURS.stream(),
            Stream.of(
                    "hostname",
                    "groups",
                    "init",
                    "read_only",
                    "mounts",
                    "privileges",
                    "sysctls",
                    "capability_add",
                    "capability_drop",
                    "oom_score_adj"))
            .collect(Collectors.toUnmodifiableSet());

    /** Settings, file {@code conf/io.osmia.executor.process.cfg}. */
    @ObjectClassDefinition(name = "Process executor", description = "Plain processes of this machine as tasks")
    @interface Config {
        @AttributeDefinition(description = "Whether services may run programs of this machine")
        boolean enabled() default false;

        @AttributeDefinition(description = "Users a service may ask for; * for all")
        String[] users() default {};

        @AttributeDefinition(description = "How processes run: plain, isolated, or auto for isolated where that is possible")
        String mode() default "plain";

        @AttributeDefinition(description = "How much of a task's output is kept, in bytes of each file; 0 for all", min = "0")
        long log_max_bytes() default 64 << 20;
    }

    private final Settings settings;
    private final String version;
    private final Host host;
    private final OutputLimit limit;
    private final Execs execs;
    private final HealthChecks health;
    /** Why processes cannot be isolated as the settings want it. */
    private final String objection;
    private volatile boolean detached;

    @Activate
    public ProcessExecutor(BundleContext context, Config config) throws IOException {
        this(
                new Settings(config.enabled(), Set.of(config.users()), Settings.mode(config.mode()),
                        config.log_max_bytes()),
                context.getBundle().getVersion().toString(),
                Path.of(required(context, "osmia.state.dir"), "worker", KIND),
                List.of(required(context, "osmia.state.dir")));
    }

    /**
     * @param root folder of this executor
     * @param hidden folders that isolated processes do not see into
     */
    ProcessExecutor(Settings settings, String version, Path root, List<String> hidden) throws IOException {
        this.settings = settings;
        this.version = version;
        TaskFiles files = new TaskFiles(root);
        files.create();
        DefaultSignals signals = new DefaultSignals();
        Supervisor supervisor = new Supervisor(files, signals);
        supervisor.install();
        Cgroups cgroups = Cgroups.detect(Path.of("/sys/fs/cgroup"));
        Exits exits = new Exits(files, cgroups);
        String own = System.getProperty("user.name");
        this.limit = new OutputLimit(files, settings.logMaxBytes());
        boolean asRoot = own.equals("root");
        this.objection = settings.mode() == Settings.Mode.PLAIN ? "" : Isolation.objection(asRoot, cgroups);
        this.host = new Host(
                files,
                exits,
                supervisor,
                new ExitWatch(files, supervisor, exits),
                new ProcessTree(cgroups),
                cgroups,
                new HostUsers(own, asRoot, settings.users()),
                Isolation.of(files, signals, hidden),
                settings.mode() != Settings.Mode.PLAIN && objection.isEmpty());
        this.execs = new Execs(host);
        this.health = new HealthChecks(files, execs);
    }

    private static String required(BundleContext context, String property) {
        @Nullable String value = context.getProperty(property);
        if (value == null) {
            throw new IllegalStateException("framework property " + property + " is not set");
        }
        return value;
    }

    @Override
    public ExecutorDescription describe() {
        return new ExecutorDescription(
                KIND,
                version,
                trouble().isEmpty(),
                trouble(),
                Set.of(IMAGE),
                Set.of(KIND),
                host.isolates() ? HONOURS_ISOLATED : HONOURS,
                Set.of(HANDLE_VERSION),
                Map.of("osmia.process.mode", host.isolates() ? "isolated" : "plain"),
                "",
                List.of());
    }

    private String trouble() {
        if (!settings.enabled()) {
            return "host processes are off on this node; start it with --allow-host-processes";
        }
        return settings.mode() == Settings.Mode.ISOLATED && !objection.isEmpty()
                ? "mode = isolated in conf/io.osmia.executor.process.cfg is not possible: " + objection
                : "";
    }

    @Override
    public TaskHandle handle(ExecutorTask task, String specDigest) throws ExecutorException {
        ProcessSpec spec = ProcessSpec.of(task);
        if (host.isolates()) {
            Bundle.check(task, spec);
        }
        host.cgroups().check(task.resources().limits(), task.workload().pidsLimit());
        return handle(task.id(), specDigest);
    }

    private static TaskHandle handle(String taskId, String specDigest) {
        return new TaskHandle(taskId, specDigest, KIND, HANDLE_VERSION, new byte[0]);
    }

    @Override
    public TaskController controller(ExecutorTask task, TaskHandle handle) throws ExecutorException {
        if (!good(handle)) {
            throw ProcessSpec.refused("task " + handle.taskId() + ": its handle is not one of this executor");
        }
        return new ProcessController(host, health, task);
    }

    private static boolean good(TaskHandle handle) {
        return handle.executorKind().equals(KIND) && handle.version() == HANDLE_VERSION && handle.data().length == 0;
    }

    @Override
    public Recovery recover(TaskHandle handle) {
        String id = handle.taskId();
        if (!good(handle)) {
            return new Recovery.Unknown("its handle is not one of this executor");
        }
        try {
            if (!host.files().present()) {
                return new Recovery.Unknown(host.files().root() + " is not there; mount or restore it");
            }
            var exit = host.exits().of(id);
            if (exit.isPresent()) {
                return new Recovery.Exited(exit.get());
            }
            Optional<Run> run = host.files().run(id);
            if (run.isPresent()) {
                boolean sameBoot = run.get().boot().equals(ProcFs.bootId());
                if (sameBoot && host.isolation().waits(id) && !host.supervisor().isAlive(id)) {
                    return new Recovery.Starting(); // only its command has not begun
                }
                if (!ExitWatch.isLost(run.get()) || (sameBoot && run.get().process().alive())) {
                    // With its supervisor gone, waiting for it ends at once, and ends the process too.
                    return host.files().health(id) == Health.STARTING ? new Recovery.Starting()
                            : new Recovery.Running();
                }
                return new Recovery.Exited(host.exits().of(id).orElseGet(ExitWatch::unknown));
            }
            if (host.supervisor().isAlive(id)) {
                return new Recovery.Unknown("its supervisor is just starting it");
            }
            if (host.files().run(id).isPresent()) {
                return recover(handle); // written between the two looks
            }
            if (host.files().begun(id)) {
                return new Recovery.Exited(ExitWatch.unknown()); // its supervisor was killed while it wrote
            }
            return host.files().prepared(id) ? new Recovery.Prepared() : new Recovery.Gone();
        } catch (IOException e) {
            return new Recovery.Unknown("cannot read its files: " + e.getMessage());
        }
    }

    @Override
    public List<TaskHandle> list(String nodeId) throws ExecutorException, InterruptedException {
        try {
            List<TaskHandle> handles = new ArrayList<>();
            for (String id : host.files().taskIds()) {
                handles.add(handle(id, ""));
            }
            return handles;
        } catch (IOException e) {
            throw Failures.of("cannot list " + host.files().root(), e);
        }
    }

    @Override
    public void read(TaskHandle handle, OutputRequest request, Sink sink)
            throws ExecutorException, InterruptedException {
        String id = handle.taskId();
        boolean timeless = !host.isolation().covers(id);
        if (timeless && (!request.since().equals(Instant.EPOCH) || !request.until().equals(Instant.MAX))) {
            throw ExecutorException.permanent(
                    "osmia/host: task " + id + ": its output has no times; ask for the last lines instead");
        }
        try {
            if (!host.files().prepared(id)) {
                throw ExecutorException.permanent("osmia/host: task " + id + " has no output on this node");
            }
            read(id, request, sink);
        } catch (IOException e) {
            throw Failures.of("task " + id + ": cannot read its output", e);
        }
    }

    private void read(String id, OutputRequest request, Sink sink)
            throws IOException, ExecutorException, InterruptedException {
        Optional<OutputPosition> from = OutputPosition.parse(id, request.after());
        OutputPosition position = from.orElseGet(OutputPosition::new);
        if (host.isolation().covers(id)) {
            try (ContainerLog log = new ContainerLog(host.files().log(id), request, position, from.isPresent())) {
                drain(id, request, last -> log.drain(sink, last));
            }
            return;
        }
        int tail = from.isPresent() ? -1 : request.tail();
        try (OutputReader out = new OutputReader(host.files().output(id, false), false, tail, position);
                OutputReader err = new OutputReader(host.files().output(id, true), true, tail, position)) {
            drain(id, request, last -> (!request.stdout() || out.drain(sink, last))
                    && (!request.stderr() || err.drain(sink, last)));
        }
    }

    /** Hands over what there is; false when the sink has had enough. */
    @FunctionalInterface
    private interface Drain {
        boolean upTo(boolean last) throws IOException;
    }

    private void drain(String id, OutputRequest request, Drain drain)
            throws IOException, ExecutorException, InterruptedException {
        while (true) {
            if (detached) {
                throw ExecutorException.temporary("osmia/host: task " + id + ": the executor is being replaced");
            }
            boolean last = !request.follow()
                    || !host.files().prepared(id)
                    || host.files().exit(id).isPresent();
            if (!drain.upTo(last) || last) {
                return;
            }
            Pause.millis(100);
        }
    }

    @Override
    public Usage usage(TaskHandle handle) throws ExecutorException, InterruptedException {
        String id = handle.taskId();
        try {
            List<ProcFs.Identity> members = host.tree().members(id, running(id).process());
            return ProcessUsage.of(members, host.cgroups().memoryLimit(id));
        } catch (IOException e) {
            throw Failures.of("task " + id + ": cannot read what it uses", e);
        }
    }

    @Override
    public void signal(TaskHandle handle, String signal) throws ExecutorException, InterruptedException {
        String id = handle.taskId();
        OptionalInt number = Signals.number(signal);
        if (number.isEmpty()) {
            throw ProcessSpec
                    .refused("signal '" + signal + "' is unknown; use a name such as SIGHUP or a number up to 64");
        }
        try {
            Signals.send(running(id).process(), number.getAsInt());
        } catch (IOException e) {
            throw Failures.of("task " + id + ": cannot be sent a signal", e);
        }
    }

    @Override
    public Session exec(TaskHandle handle, ExecRequest request) throws ExecutorException, InterruptedException {
        String id = handle.taskId();
        try {
            return execs.exec(id, running(id), request);
        } catch (IOException e) {
            throw Failures.of("task " + id + ": cannot run a program beside it", e);
        }
    }

    private Run running(String id) throws IOException, ExecutorException {
        Optional<Run> run = host.files().run(id);
        if (run.isEmpty() || host.files().exit(id).isPresent()
                || !run.get().boot().equals(ProcFs.bootId())
                || !run.get().process().alive()) {
            throw ProcessSpec.refused("task " + id + " does not run");
        }
        return run.get();
    }

    @Override
    @Deactivate
    public void detach() {
        detached = true;
        host.watch().close();
        limit.close();
        execs.close();
    }
}
