package io.osmia.executor.docker.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Health;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import io.osmia.executor.docker.internal.Claims.Claim;
import io.osmia.executor.docker.internal.Settings.PullPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One task's container. All that is known of it the engine has; this object can be made anew at any time. */
final class DockerController implements TaskController {

    static final String UNHEALTHY = "dockerexec: " + TaskExit.UNHEALTHY;
    static final String DESTROYED = "dockerexec: container destroyed";

    /** How long is waited for an event before the engine is asked again, while it is there and while it is not. */
    private static final Duration LISTEN = Duration.ofSeconds(60);

    private static final Duration AWAY = Duration.ofSeconds(2);
    private static final Duration MAKING = Duration.ofMillis(50);
    private static final Duration KILL_BOUND = Duration.ofSeconds(10);

    private final Host host;
    private final String id;
    private final String name;
    private final String specDigest;
    private volatile ExecutorTask task;

    DockerController(Host host, ExecutorTask task, String name, String specDigest) {
        this.host = host;
        this.id = task.id();
        this.name = name;
        this.specDigest = specDigest;
        this.task = task;
    }

    @Override
    public void prepare() throws ExecutorException, InterruptedException {
        ContainerRequest request = ContainerRequest.of(task, specDigest);
        try {
            if (exists()) {
                return;
            }
            check(request);
            for (ObjectNode volume : Mounts.toCreate(task)) {
                host.containers().createVolume(volume);
            }
            Optional<Pulls.Failure> notPulled = pull(request.image());
            create(request, notPulled);
        } catch (EngineException e) {
            throw Faults.of(id, "prepare container " + name, e);
        }
    }

    private void check(ContainerRequest request) throws ExecutorException, EngineException, InterruptedException {
        ApiVersion api = host.engine().api();
        if (api.compareTo(request.needs()) < 0) {
            throw ContainerRequest.refused(
                    task, request.why() + " needs an engine with API " + request.needs() + "; this one has " + api);
        }
    }

    /** That an image cannot be pulled does not matter while it is there (rule 6.15.5). */
    private Optional<Pulls.Failure> pull(String image) throws EngineException, InterruptedException {
        PullPolicy policy = host.engine().settings().pull();
        boolean asIs = policy == PullPolicy.NEVER
                || ((policy == PullPolicy.MISSING || image.contains("@")) && host.containers().imageExists(image));
        return asIs ? Optional.empty() : host.pulls().pull(image, task.workload().registryAuth());
    }

    private void create(ContainerRequest request, Optional<Pulls.Failure> notPulled)
            throws ExecutorException, EngineException, InterruptedException {
        long end = System.nanoTime() + host.engine().settings().work().toNanos();
        while (true) {
            try {
                host.containers().create(name, request.body());
                return;
            } catch (EngineException e) {
                if (e.notFound() && notPulled.isPresent()) {
                    throw new ExecutorException(
                            "docker: task " + id + ": no image " + request.image()
                                    + " here, and it could not be pulled: " + notPulled.get().why(),
                            notPulled.get().temporary(),
                            e);
                }
                if (!e.conflict() || System.nanoTime() > end) {
                    throw e;
                }
            }
            if (exists()) {
                return;
            }
            // A call that was interrupted is still making it.
            Pause.sleep(MAKING);
        }
    }

    /** @throws ExecutorException when there is one of that name that is not the task's */
    private boolean exists() throws ExecutorException, EngineException, InterruptedException {
        Optional<Container> container = host.containers().inspect(name);
        if (container.isPresent() && !container.get().isOf(id)) {
            throw ContainerRequest.refused(
                    task, "somebody else's container has the name " + name + "; rename or remove it");
        }
        return container.isPresent();
    }

    @Override
    public void start() throws ExecutorException, InterruptedException {
        try (Bells.Bell bell = host.bells().listen(name)) {
            if (startOnce()) {
                awaitHealthy(bell);
            }
        } catch (EngineException e) {
            throw Faults.of(id, "start container " + name, e);
        }
    }

    /** Whether it was started now or runs; one that has ended before is left to those who wait for its end. */
    private boolean startOnce() throws ExecutorException, EngineException, InterruptedException {
        Claim claim = host.claims().of(name);
        int stops = claim.stops();
        claim.starting.lockInterruptibly();
        try {
            boolean broken = false;
            while (true) {
                Container container = look();
                if (!container.created()) {
                    return !container.ended();
                }
                // In this order: a stop that does not see the doubt is seen here.
                claim.startInDoubt = true;
                if (claim.stops() != stops) {
                    claim.startInDoubt = false;
                    throw ExecutorException.permanent(
                            "docker: task " + id + ": container " + name + " was stopped before it was started");
                }
                if (send(claim, broken)) {
                    return true;
                }
                broken = true;
            }
        } finally {
            claim.starting.unlock();
        }
    }

    /**
     * What the engine refused has not happened; of what it did not answer nobody knows.
     *
     * @param again whether a connection has broken before: one that was kept may have been dead, another is none
     * @return false when the connection broke: whoever looks sees what became of it
     */
    private boolean send(Claim claim, boolean again) throws EngineException, InterruptedException {
        try {
            host.containers().start(name);
            claim.startInDoubt = false;
            return true;
        } catch (EngineException e) {
            if (e.kind() == EngineException.Kind.REFUSED) {
                claim.startInDoubt = false;
            }
            if (e.kind() != EngineException.Kind.UNREACHABLE || again) {
                throw e;
            }
            return false;
        }
    }

    /** Rule 6.15.6. */
    private void awaitHealthy(Bells.Bell bell) throws ExecutorException, EngineException, InterruptedException {
        boolean checked = false;
        while (true) {
            Container container = look();
            if (container.health() == Health.UNHEALTHY) {
                host.containers().stop(name, task.workload().stopGracePeriod());
                throw ExecutorException.permanent(UNHEALTHY + " " + name);
            }
            if (container.ended()
                    && container.exitCode() != 0
                    && container.health() != Health.HEALTHY
                    && (checked || container.health() == Health.STARTING)) {
                throw ExecutorException.permanent("docker: task " + id + ": container " + name
                        + " ended with code " + container.exitCode() + " before it was healthy");
            }
            if (container.health() != Health.STARTING || !container.running()) {
                return;
            }
            checked = true;
            bell.await(LISTEN);
        }
    }

    @Override
    public TaskExit await() throws ExecutorException, InterruptedException {
        try (Bells.Bell bell = host.bells().listen(name)) {
            while (true) {
                boolean told = false;
                try {
                    Optional<TaskExit> exit = exit();
                    if (exit.isPresent()) {
                        return exit.get();
                    }
                    told = true;
                } catch (EngineException e) {
                    // Whatever it refuses for, that it cannot be asked is no end of the container.
                    if (e.kind() == EngineException.Kind.DETACHED) {
                        throw Faults.of(id, "wait for container " + name, e);
                    }
                }
                bell.await(told && host.watch().state().available() ? LISTEN : AWAY);
            }
        }
    }

    /** How it ended; empty while it has not. */
    private Optional<TaskExit> exit() throws ExecutorException, EngineException, InterruptedException {
        Container container = look();
        if (container.ended()) {
            return Optional.of(host.containers().settled(container).exit());
        }
        if (container.health() == Health.UNHEALTHY) {
            host.containers().stop(name, task.workload().stopGracePeriod());
            return Optional.of(look().exit());
        }
        return Optional.empty();
    }

    @Override
    public void shutdown() throws ExecutorException, InterruptedException {
        stop(() -> host.containers().stop(name, task.workload().stopGracePeriod()));
    }

    @Override
    public void terminate() throws ExecutorException, InterruptedException {
        stop(() -> host.containers().kill(name));
    }

    private interface Stop {
        void run() throws EngineException, InterruptedException;
    }

    private void stop(Stop stop) throws ExecutorException, InterruptedException {
        try (Bells.Bell bell = host.bells().listen(name)) {
            if (neverStarts()) {
                return;
            }
            stop.run();
            long end = System.nanoTime() + KILL_BOUND.toNanos();
            while (runs()) {
                if (System.nanoTime() > end) {
                    throw ExecutorException.temporary("docker: task " + id + ": container " + name
                            + " does not end; it is looked at again");
                }
                bell.await(Duration.ofMillis(200));
            }
        } catch (EngineException e) {
            throw Faults.of(id, "stop container " + name, e);
        }
    }

    /** Whether there is nothing to stop. What was never started cannot be started any more by who is about to. */
    private boolean neverStarts() throws EngineException, InterruptedException {
        Claim claim = host.claims().of(name);
        claim.stopping();
        Optional<Container> container = own();
        if (container.isPresent() && container.get().created() && claim.startInDoubt) {
            // The engine may get to that start yet. Removing waits for it and leaves it nothing to start.
            host.containers().remove(name);
            return true;
        }
        return container.isEmpty() || container.get().created() || container.get().ended();
    }

    private boolean runs() throws EngineException, InterruptedException {
        Optional<Container> container = own();
        container.ifPresent(known -> host.claims().of(name).know(known));
        return container.isPresent() && container.get().running();
    }

    /** The task's container; somebody else's of that name is none. */
    private Optional<Container> own() throws EngineException, InterruptedException {
        return host.containers().inspect(name).filter(container -> container.isOf(id));
    }

    @Override
    public void update(ExecutorTask changed) {
        task = changed;
    }

    @Override
    public void remove() throws ExecutorException, InterruptedException {
        shutdown();
        try (Bells.Bell bell = host.bells().listen(name)) {
            if (own().isPresent()) {
                host.containers().remove(name);
            }
            long end = System.nanoTime() + KILL_BOUND.toNanos();
            while (own().isPresent()) {
                if (System.nanoTime() > end) {
                    throw ExecutorException.temporary("docker: task " + id + ": container " + name
                            + " is not gone yet; it is looked at again");
                }
                bell.await(Duration.ofMillis(200));
            }
            host.claims().forget(name);
        } catch (EngineException e) {
            throw Faults.of(id, "remove container " + name, e);
        }
    }

    private Container look() throws ExecutorException, EngineException, InterruptedException {
        Container container = own().orElseThrow(() -> ExecutorException.permanent(DESTROYED + " " + name));
        host.claims().of(name).know(container);
        return container;
    }

    @Override
    public Status status() {
        if (!host.claims().fresh(name) && host.watch().state().available()) {
            host.glance(name);
        }
        return host.claims()
                .known(name)
                .filter(container -> container.isOf(id))
                .map(container -> container.status(task.ports()))
                .orElse(new Status("", OptionalLong.empty(), Instant.EPOCH, Health.NONE, List.of()));
    }

    @Override
    public void close() {
        // holds nothing
    }
}
