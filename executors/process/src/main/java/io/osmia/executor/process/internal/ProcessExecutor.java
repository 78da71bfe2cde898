package io.osmia.executor.process.internal;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
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
public final class ProcessExecutor implements Executor, TaskOutput, TaskStatistics, TaskSignals {

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
            "pidsLimit",
            "resources.nano_cpus",
            "resources.memory_bytes");

    /** Settings, file {@code conf/io.osmia.executor.process.cfg}. */
    @ObjectClassDefinition(name = "Process executor", description = "Plain processes of this machine as tasks")
    @interface Config {
        @AttributeDefinition(description = "Whether services may run programs of this machine")
        boolean enabled() default false;

        @AttributeDefinition(description = "Users a service may ask for; * for all")
        String[] users() default {};
    }

    private final boolean enabled;
    private final String version;
    private final Host host;
    private volatile boolean detached;

    @Activate
    public ProcessExecutor(BundleContext context, Config config) throws IOException {
        this(
                config.enabled(),
                Set.of(config.users()),
                context.getBundle().getVersion().toString(),
                Path.of(required(context, "osmia.state.dir"), "worker", KIND));
    }

    ProcessExecutor(boolean enabled, Set<String> users, String version, Path root) throws IOException {
        this.enabled = enabled;
        this.version = version;
        TaskFiles files = new TaskFiles(root);
        files.create();
        Supervisor supervisor = new Supervisor(files);
        supervisor.install();
        Cgroups cgroups = Cgroups.detect(Path.of("/sys/fs/cgroup"));
        Exits exits = new Exits(files, cgroups);
        String own = System.getProperty("user.name");
        this.host = new Host(
                files,
                exits,
                supervisor,
                new ExitWatch(files, supervisor, exits),
                new ProcessTree(cgroups),
                cgroups,
                new HostUsers(own, own.equals("root"), users));
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
                enabled,
                enabled ? "" : "host processes are off on this node; start it with --allow-host-processes",
                Set.of(IMAGE),
                Set.of(KIND),
                HONOURS,
                Set.of(HANDLE_VERSION),
                Map.of(),
                "",
                List.of());
    }

    @Override
    public TaskHandle handle(ExecutorTask task, String specDigest) throws ExecutorException {
        ProcessSpec.of(task);
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
        return new ProcessController(host, task);
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
                if (!ExitWatch.isLost(run.get()) || (sameBoot && run.get().process().alive())) {
                    // With its supervisor gone, waiting for it ends at once, and ends the process too.
                    return new Recovery.Running();
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
        if (!request.since().equals(Instant.EPOCH) || !request.until().equals(Instant.MAX)) {
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
        int tail = from.isPresent() ? -1 : request.tail();
        try (OutputReader out = new OutputReader(host.files().output(id, false), false, tail, position);
                OutputReader err = new OutputReader(host.files().output(id, true), true, tail, position)) {
            while (true) {
                if (detached) {
                    throw ExecutorException.temporary("osmia/host: task " + id + ": the executor is being replaced");
                }
                boolean last = !request.follow()
                        || !host.files().prepared(id)
                        || host.files().exit(id).isPresent();
                boolean more = !request.stdout() || out.drain(sink, last);
                more = more && (!request.stderr() || err.drain(sink, last));
                if (!more || last) {
                    return;
                }
                Pause.millis(100);
            }
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
    }
}
