package io.osmia.executor.process.internal;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Health;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import io.osmia.executor.process.internal.TaskFiles.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One task's process. All that is known of it is on disk; this object can be made anew at any time. */
final class ProcessController implements TaskController {

    private static final Duration START_BOUND = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration KILL_BOUND = Duration.ofSeconds(30);

    private final Host host;
    private final HealthChecks health;
    private final String id;
    private volatile ExecutorTask task;
    private volatile ProcessSpec spec;

    ProcessController(Host host, HealthChecks health, ExecutorTask task) throws ExecutorException {
        this.host = host;
        this.health = health;
        this.id = task.id();
        this.task = task;
        this.spec = ProcessSpec.of(task);
    }

    @Override
    public void prepare() throws ExecutorException, InterruptedException {
        if (host.files().prepared(id)) {
            return;
        }
        try {
            if (plan().isPresent()) {
                host.files().setHealth(id, Health.STARTING);
            }
            if (host.isolates()) {
                prepareIsolated();
                return;
            }
            host.users().become(spec.user());
            Commands.check(spec);
            boolean others = !spec.user().isEmpty() && host.users().root();
            host.files().prepare(id, file -> {
                // It may open /dev/stdout and /dev/stderr, as it may in a container.
                if (others) {
                    host.own(file, spec.user());
                }
            });
        } catch (IOException e) {
            throw Failures.of("task " + id + ": cannot make its folder", e);
        }
    }

    private void prepareIsolated() throws ExecutorException, IOException, InterruptedException {
        HostUsers.Ids ids = host.users().ids(spec.user(), task.workload().groups());
        if (task.workload().mounts().isEmpty()) {
            // What is mounted may hold the command.
            Commands.check(spec);
        }
        host.isolation().prepare(task, spec, ids);
    }

    @Override
    public void start() throws ExecutorException, InterruptedException {
        try {
            if (host.isolation().waits(id) && !host.supervisor().isAlive(id) && host.files().begun(id)) {
                host.isolation().begin(id);
            }
            if (host.files().exit(id).isPresent()) {
                return;
            }
            if (host.files().run(id).isEmpty()) {
                launch();
                // It may end, or its supervisor be killed, before it has said who it is: waiting for its end tells.
                wait(CompletableFuture.anyOf(host.watch().started(id), host.watch().ended(id)), START_BOUND);
            }
            if (plan().isPresent()) {
                awaitHealth();
            }
        } catch (TimeoutException e) {
            throw new ExecutorException(
                    "osmia/host: task " + id + ": its supervisor did not report within " + START_BOUND.toSeconds()
                            + " s",
                    true,
                    e);
        } catch (IOException e) {
            throw Failures.of("task " + id + ": cannot start", e);
        }
    }

    private void launch() throws IOException, ExecutorException, InterruptedException {
        try (StartLock lock = StartLock.take(host.files().startLock(id))) {
            boolean first = lock.first();
            // Looked for its file before, to save a look at all processes, and after: it may have been written meanwhile.
            if (!host.files().begun(id)
                    && (first || (!host.supervisor().isAlive(id) && !host.files().begun(id)))) {
                if (host.isolation().covers(id)) {
                    host.isolation().start(id);
                    return;
                }
                List<Path> procs =
                        host.cgroups().create(id, task.resources().limits(), task.workload().pidsLimit());
                host.supervisor().start(id, spec, host.users().become(spec.user()), procs);
            }
        }
    }

    @Override
    public TaskExit await() throws ExecutorException, InterruptedException {
        if (!host.files().prepared(id)) {
            throw ProcessSpec.refused("task " + id + " does not exist on this node");
        }
        try {
            TaskExit exit = awaitEnd();
            // What it left behind ends with it.
            killTree();
            return exit;
        } catch (TimeoutException e) {
            throw new ExecutorException("osmia/host: task " + id + ": still running", true, e);
        } catch (IOException e) {
            throw Failures.of("task " + id + ": cannot wait", e);
        }
    }

    private Optional<HealthPlan> plan() {
        return HealthPlan.of(task.workload().healthCheck());
    }

    /** Waits until the task is well. One that is not is stopped, one that fails meanwhile was never well. */
    private void awaitHealth() throws ExecutorException, IOException, InterruptedException {
        while (host.files().health(id) != Health.HEALTHY) {
            Optional<TaskExit> exit = endOrCheck();
            if (exit.isPresent() && exit.get().message().equals(TaskExit.UNHEALTHY)) {
                throw ProcessSpec.refused("task " + id + ": " + TaskExit.UNHEALTHY);
            }
            if (exit.isPresent()) {
                if (exit.get().code().equals(OptionalInt.of(0))) {
                    return;
                }
                String code = exit.get().code().isPresent() ? " with code " + exit.get().code().getAsInt() : "";
                throw ProcessSpec.refused("task " + id + ": it ended" + code + " before it was healthy");
            }
        }
    }

    private TaskExit awaitEnd() throws ExecutorException, IOException, InterruptedException, TimeoutException {
        while (plan().isPresent()) {
            Optional<TaskExit> exit = endOrCheck();
            if (exit.isPresent()) {
                return exit.get();
            }
        }
        return wait(host.watch().ended(id), Duration.ofDays(10_000));
    }

    /** Waits for the end until the next health check is due, which is then made. One that is unwell is stopped. */
    private Optional<TaskExit> endOrCheck() throws ExecutorException, IOException, InterruptedException {
        CompletableFuture<TaskExit> ended = host.watch().ended(id);
        Optional<Run> run = host.files().run(id);
        HealthPlan plan = plan().orElseThrow();
        Instant startedAt = status().startedAt();
        try {
            return Optional.of(wait(ended, run.isEmpty() ? PATIENCE : health.untilDue(id, plan, startedAt)));
        } catch (TimeoutException e) {
            if (run.isPresent() && health.look(id, plan, run.get(), startedAt) == Health.UNHEALTHY) {
                shutdown();
                return host.exits().of(id);
            }
            return Optional.empty();
        }
    }

    @Override
    public void shutdown() throws ExecutorException, InterruptedException {
        stop(spec.stopSignal(), task.workload().stopGracePeriod());
    }

    @Override
    public void terminate() throws ExecutorException, InterruptedException {
        stop(Signals.KILL, Duration.ZERO);
    }

    private void stop(int signal, Duration grace) throws ExecutorException, InterruptedException {
        try {
            Optional<Run> run = running();
            if (run.isPresent()) {
                host.tree().signal(id, run.get().process(), signal);
                CompletableFuture<TaskExit> ended = host.watch().ended(id);
                try {
                    wait(ended, grace);
                } catch (TimeoutException e) {
                    killTree();
                    wait(ended, KILL_BOUND);
                }
            }
            killTree();
        } catch (TimeoutException e) {
            throw new ExecutorException(
                    "osmia/host: task " + id + ": its process does not die; it is looked at again", true, e);
        } catch (IOException e) {
            throw Failures.of("task " + id + ": cannot stop", e);
        }
    }

    /** The run that has not ended. One that is only just being started is waited for. */
    private Optional<Run> running() throws IOException, InterruptedException, TimeoutException, ExecutorException {
        // When it was removed, its supervisor may still be there for a moment, but starts nothing any more.
        if (!host.files().prepared(id) || host.files().exit(id).isPresent()) {
            return Optional.empty();
        }
        Optional<Run> run = host.files().run(id);
        if (run.isEmpty() && host.supervisor().isAlive(id)) {
            return Optional.of(wait(host.watch().started(id), START_BOUND));
        }
        // One that was not found may have ended while it was looked for, and left a container that runs.
        return run.isEmpty() ? host.files().run(id) : run;
    }

    private void killTree() throws IOException, InterruptedException, ExecutorException {
        if (host.files().ended(id)) {
            return;
        }
        Optional<Run> run = host.files().run(id);
        boolean known = run.isPresent() && run.get().boot().equals(ProcFs.bootId());
        if (!host.tree().kill(id, known ? run.get().process() : ProcFs.NOBODY)) {
            throw new ExecutorException("osmia/host: task " + id + ": some of its processes do not die", true);
        }
        host.files().markEnded(id);
    }

    @Override
    public void update(ExecutorTask changed) throws ExecutorException {
        this.spec = ProcessSpec.of(changed);
        this.task = changed;
    }

    @Override
    public void remove() throws ExecutorException, InterruptedException {
        shutdown();
        host.watch().forget(id);
        health.forget(id);
        try {
            host.isolation().remove(id);
            host.cgroups().remove(id);
            host.files().remove(id);
        } catch (IOException e) {
            throw Failures.of("task " + id + ": cannot remove", e);
        }
    }

    @Override
    public Status status() {
        try {
            Optional<Run> run = host.files().run(id);
            if (run.isPresent()) {
                Instant at = Files.getLastModifiedTime(host.files().runFolder().resolve(id)).toInstant();
                return new Status(
                        task.name(),
                        OptionalLong.of(run.get().process().pid()),
                        at,
                        host.files().health(id),
                        List.of());
            }
        } catch (IOException e) {
            // being removed at this moment: there is nothing to say
        }
        return new Status(task.name(), OptionalLong.empty(), Instant.EPOCH);
    }

    @Override
    public void close() {
        // holds nothing
    }

    private static <T> T wait(CompletableFuture<T> future, Duration bound)
            throws InterruptedException, TimeoutException, ExecutorException {
        try {
            return future.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (CancellationException e) {
            throw new ExecutorException("osmia/host: the executor is being replaced", true, e);
        } catch (ExecutionException e) {
            throw new ExecutorException("osmia/host: " + e.getCause(), true, e);
        }
    }
}
