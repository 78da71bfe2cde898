package io.osmia.executor.podman.internal;

import com.google.gson.JsonObject;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Health;
import io.osmia.api.executor.Mount;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import io.osmia.executor.podman.internal.ContainerState.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** One task's container. All that is known of it is with Podman; this object can be made anew at any time. */
final class PodmanController implements TaskController {

    /** How long nobody looks at a container of which there are no news; without events they look more often. */
    private static final Duration LOOK = Duration.ofMinutes(10);
    private static final Duration LOOK_WITHOUT_EVENTS = Duration.ofSeconds(1);
    private static final Duration KILL_BOUND = Duration.ofSeconds(15);
    private static final Duration KILL_AGAIN = Duration.ofSeconds(2);

    /** For a status that nobody has seen yet. */
    private static final Duration GLANCE = Duration.ofMillis(90);

    private final Host host;
    private final String name;
    private final String specDigest;
    private volatile ExecutorTask task;

    PodmanController(Host host, ExecutorTask task, String name, String specDigest) {
        this.host = host;
        this.task = task;
        this.name = name;
        this.specDigest = specDigest;
    }

    /** The task's container; somebody else's of that name is none. */
    private Optional<ContainerState> look() throws ExecutorException, InterruptedException {
        return host.containers().inspect(name).filter(found -> found.taskId().equals(task.id()));
    }

    @Override
    public void prepare() throws ExecutorException, InterruptedException {
        ExecutorTask now = task;
        Images.Local image;
        try {
            image = host.images().get(now.workload().image(), now.workload().registryAuth());
            makeVolumes(now);
            makeSources(now);
        } catch (AwayException e) {
            throw e;
        } catch (ExecutorException e) {
            if (look().isPresent()) {
                return; // it was prepared before its image went
            }
            throw e;
        }
        HealthSettings health = HealthSettings.of(now.workload().healthCheck(), image.healthCheck());
        JsonObject request = ContainerRequest.of(now, specDigest, image.name(), health, host.network());
        // Podman knows best whether it is there: asking first would be a call more for each task.
        if (!host.containers().create(name, request, task.id(), health) && look().isEmpty()) {
            throw Refusals.never("container name " + name + " is taken by a container that is not task " + task.id());
        }
    }

    private void makeVolumes(ExecutorTask now) throws ExecutorException, InterruptedException {
        for (JsonObject request : Mounts.volumesToMake(now.workload().mounts())) {
            String volume = Json.text(request, "Name");
            if (host.api().get(PodmanApi.at("volumes", volume, "json"), Containers.BOUND).ok()) {
                continue;
            }
            Answer made = host.api().post(PodmanApi.at("volumes", "create"), request, Containers.BOUND);
            if (!made.ok() && !host.api().get(PodmanApi.at("volumes", volume, "json"), Containers.BOUND).ok()) {
                throw Refusals.of(name, "make volume " + volume, made);
            }
        }
    }

    /** Podman has no way to be asked for it; its socket is of this machine, and so are the folders. */
    private void makeSources(ExecutorTask now) throws ExecutorException {
        for (Mount mount : now.workload().mounts()) {
            if (mount.type() == Mount.Type.BIND && mount.bind().createMountpoint()) {
                try {
                    Files.createDirectories(Path.of(mount.source()));
                } catch (IOException e) {
                    throw new ExecutorException(
                            "podman: container " + name + ": cannot make folder " + mount.source() + " to mount: " + e,
                            false, e);
                }
            }
        }
    }

    @Override
    public void start() throws ExecutorException, InterruptedException {
        host.containers().start(name, task.id());
        while (true) {
            CompletableFuture<Void> change = host.changes().next(name);
            ContainerState state = look().orElseThrow(this::missing);
            if (state.ended() && !state.healthy() && !state.unhealthy() && state.exitCode() != 0) {
                throw Refusals.never(
                        "container " + name + " ended with code " + state.exitCode() + " before it was healthy");
            }
            if (host.health().unhealthy(name, state)) {
                stop(stopSignal(), task.workload().stopGracePeriod());
                throw Refusals.never("container " + name + ": " + TaskExit.UNHEALTHY);
            }
            if (state.ended() || (state.runs() && state.healthy())) {
                return;
            }
            awaitNews(change, state);
        }
    }

    private ExecutorException missing() {
        return Refusals.never("container " + name + " does not exist");
    }

    /** Waits until something may have happened, or the next health check is due, and has that one run. */
    private void awaitNews(CompletableFuture<Void> change, ContainerState state)
            throws ExecutorException, InterruptedException {
        Duration look = host.watch().engine().events() ? LOOK : LOOK_WITHOUT_EVENTS;
        Duration due = host.health().untilDue(name, state);
        Changes.await(change, due.compareTo(look) < 0 ? due : look);
        host.health().runIfDue(name, state);
    }

    @Override
    public TaskExit await() throws ExecutorException, InterruptedException {
        while (true) {
            CompletableFuture<Void> change = host.changes().next(name);
            try {
                ContainerState state = look().orElseThrow(this::missing);
                if (state.ended()) {
                    return host.health().exit(name, state);
                }
                if (host.health().unhealthy(name, state)) {
                    stop(stopSignal(), task.workload().stopGracePeriod());
                    return look().map(end -> host.health().exit(name, end)).orElseGet(
                            () -> new TaskExit(OptionalInt.empty(), TaskExit.UNHEALTHY, Instant.now()));
                }
                awaitNews(change, state);
            } catch (AwayException e) {
                if (host.api().isClosed()) {
                    throw e;
                }
                Changes.await(change, LOOK_WITHOUT_EVENTS);
            }
        }
    }

    private int stopSignal() throws ExecutorException {
        return task.workload().stopSignal().isEmpty() ? 0 : ContainerRequest.stopSignal(task.workload());
    }

    @Override
    public void shutdown() throws ExecutorException, InterruptedException {
        host.containers().halt(name);
        stop(stopSignal(), task.workload().stopGracePeriod());
    }

    @Override
    public void terminate() throws ExecutorException, InterruptedException {
        host.containers().halt(name);
        stop(Signals.KILL, Duration.ZERO);
    }

    /** @param signal 0 for the image's, which Podman knows */
    private void stop(int signal, Duration grace) throws ExecutorException, InterruptedException {
        boolean asked = false;
        Instant killAt = Instant.now().plus(grace);
        Instant giveUpAt = killAt.plus(KILL_BOUND);
        while (true) {
            CompletableFuture<Void> change = host.changes().next(name);
            ContainerState state = look().orElse(null);
            if (state == null || !state.runs()) {
                return;
            }
            if (state.phase() == Phase.PAUSED) {
                host.containers().unpause(name);
            }
            Instant now = Instant.now();
            if (now.isAfter(giveUpAt)) {
                throw ExecutorException.temporary(
                        "podman: container " + name + " does not die; it is looked at again");
            }
            boolean kill = asked && !now.isBefore(killAt);
            int next = kill ? Signals.KILL : signal == 0 ? state.stopSignal() : signal;
            if ((kill || !asked) && !host.containers().signal(name, next)) {
                return;
            }
            asked = true;
            Duration left = Duration.between(Instant.now(), killAt);
            Changes.await(change, left.isPositive() && left.compareTo(KILL_AGAIN) < 0 ? left : KILL_AGAIN);
        }
    }

    @Override
    public void update(ExecutorTask changed) throws ExecutorException {
        this.task = changed;
    }

    @Override
    public void remove() throws ExecutorException, InterruptedException {
        shutdown();
        Optional<ContainerState> there = host.containers().inspect(name);
        if (there.isPresent() && !there.get().taskId().equals(task.id())) {
            host.containers().forget(name);
        } else {
            // Also when there is none: Podman may have begun to make one, and takes away what is left of that.
            host.containers().delete(name);
        }
        host.health().forget(name);
    }

    @Override
    public Status status() {
        return host.containers().glance(name, GLANCE)
                .filter(state -> state.taskId().equals(task.id()))
                .map(state -> new Status(
                        state.id(),
                        state.processId(),
                        state.startedAt(),
                        state.healthNow(),
                        state.published(task.ports())))
                .orElseGet(() -> new Status("", OptionalLong.empty(), Instant.EPOCH, Health.NONE, List.of()));
    }

    @Override
    public void close() {
        // holds nothing
    }
}
