package io.osmia.executor.podman.internal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.osmia.api.executor.ExecutorException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What can be done to containers, by name. A start that is under way is never begun a second time, and goes on when the
 * caller who asked for it is interrupted: Podman starts an ended container anew, so nobody may ask blindly.
 */
final class Containers {

    static final Duration BOUND = Duration.ofSeconds(15);
    private static final Duration LONG_BOUND = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** How long before its end a container that was killed may have been told to. */
    private static final Duration KILLED_BEFORE = Duration.ofMinutes(1);

    private static final Pattern NAME_TAKEN = Pattern.compile("(already|is) in use|container already exists");
    private static final Pattern ENDED = Pattern.compile("(improper:|in state) (stopped|exited)");

    private final PodmanApi api;
    private final Changes changes;
    private final Map<String, CompletableFuture<Optional<Answer>>> starts = new ConcurrentHashMap<>();

    /** Containers as they were seen last. */
    private final Map<String, ContainerState> known = new ConcurrentHashMap<>();

    /** What was found out of the ends of those that SIGKILL ended. */
    private final Map<String, End> ends = new ConcurrentHashMap<>();

    /** Names of those that were told to stop: they are not started any more. */
    private final Set<String> halted = ConcurrentHashMap.newKeySet();

    /** Whether somebody had Podman kill it in the run that began then. */
    private record End(Instant startedAt, boolean killed) {}

    Containers(PodmanApi api, Changes changes) {
        this.api = api;
        this.changes = changes;
    }

    /** The container; empty when there is certainly none. */
    Optional<ContainerState> inspect(String name) throws ExecutorException, InterruptedException {
        Optional<ContainerState> found = read(name, api.get(PodmanApi.at("containers", name, "json"), BOUND));
        if (found.isEmpty()) {
            known.remove(name);
            return found;
        }
        ContainerState state = found.get();
        if (state.mayBeOutOfMemory() && !wasKilled(name, state)) {
            // Podman 4.3 looks for conmon's note of it in another folder than the one conmon writes it to.
            state = state.noticingOutOfMemory();
        }
        known.put(name, state);
        return Optional.of(state);
    }

    /** What was seen last, by anyone; else what can be seen in that time. */
    Optional<ContainerState> glance(String name, Duration bound) {
        ContainerState seen = known.get(name);
        if (seen != null) {
            return Optional.of(seen);
        }
        try {
            return read(name, api.glance(PodmanApi.at("containers", name, "json"), bound));
        } catch (ExecutorException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<ContainerState> read(String name, Answer answer) throws AwayException {
        if (answer.notFound()) {
            return Optional.empty();
        }
        if (!answer.ok()) {
            throw new AwayException("podman: cannot look at container " + name + ": " + answer.complaint());
        }
        return Optional.of(ContainerState.of(answer.object()));
    }

    /** Whether somebody had Podman stop it or send it a signal; found out once, since Podman reads all its events for it. */
    private boolean wasKilled(String name, ContainerState state) throws AwayException, InterruptedException {
        End known = ends.get(name);
        if (known != null && known.startedAt().equals(state.startedAt())) {
            return known.killed();
        }
        Instant since = state.finishedAt().minus(KILLED_BEFORE);
        JsonObject filters = new JsonObject();
        filters.add("container", Json.array(List.of(name)));
        filters.add("event", Json.array(List.of("kill", "stop")));
        Answer answer = api.get(
                PodmanApi.at("events")
                        .addQueryParameter("stream", "false")
                        .addQueryParameter("since", Long.toString(since.getEpochSecond()))
                        .addQueryParameter("filters", filters.toString()),
                BOUND);
        if (!answer.ok()) {
            return true;
        }
        boolean killed = !answer.body().isJsonNull();
        ends.put(name, new End(state.startedAt(), killed));
        return killed;
    }

    /** @return whether it was made, and not there already */
    boolean create(String name, JsonObject request, String taskId, HealthSettings health)
            throws ExecutorException, InterruptedException {
        Instant giveUpAt = Instant.now().plus(LONG_BOUND);
        while (true) {
            Answer answer = api.post(PodmanApi.at("containers", "create"), request, LONG_BOUND);
            if (answer.ok()) {
                known.put(name, ContainerState.made(Json.text(answer.object(), "Id"), taskId, health));
                return true;
            }
            if (inspect(name).isPresent()) {
                return false;
            }
            if (!NAME_TAKEN.matcher(answer.complaint()).find()) {
                throw Refusals.of(name, "make it", answer);
            }
            // A call that was interrupted is still making it.
            if (Instant.now().isAfter(giveUpAt)) {
                throw ExecutorException.temporary(
                        "podman: container " + name + ": its name is taken, and there is none: " + answer.complaint());
            }
            Changes.await(changes.next(name), PAUSE);
        }
    }

    /** Starts the task's container if it was never started; returns when nobody starts it any more. */
    void start(String name, String taskId) throws ExecutorException, InterruptedException {
        CompletableFuture<Optional<Answer>> start = starts.computeIfAbsent(name, n -> begin(n, taskId));
        try {
            Optional<Answer> answer =
                    start.get(LONG_BOUND.plus(LONG_BOUND).plus(BOUND).toMillis(), TimeUnit.MILLISECONDS);
            if (answer.isPresent() && !answer.get().ok()) {
                throw Refusals.of(name, "start it", answer.get());
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ExecutorException known
                    ? known
                    : new AwayException("podman: container " + name + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new AwayException("podman: container " + name + " is not started within "
                    + LONG_BOUND.plus(LONG_BOUND).plus(BOUND).toSeconds() + " s", e);
        }
    }

    /** Looking and starting are one step: another start may have been over just before. */
    private CompletableFuture<Optional<Answer>> begin(String name, String taskId) {
        CompletableFuture<Optional<Answer>> start = new CompletableFuture<>();
        Thread.ofVirtual().name("podman-start-" + name).start(() -> {
            try {
                ContainerState state = inspect(name)
                        .filter(found -> found.taskId().equals(taskId))
                        .orElseThrow(() -> Refusals.never("container " + name + " does not exist"));
                if (state.phase() != ContainerState.Phase.PREPARED) {
                    start.complete(Optional.empty());
                    return;
                }
                start.complete(Optional.of(api.postIf(
                        () -> !halted.contains(name), PodmanApi.at("containers", name, "start"), LONG_BOUND)
                        .orElseThrow(() -> Refusals.never(
                                "container " + name + " was told to stop before it was started"))));
            } catch (ExecutorException | InterruptedException | RuntimeException e) {
                start.completeExceptionally(e);
            } finally {
                starts.remove(name, start);
            }
        });
        return start;
    }

    /**
     * From now on it is not started any more; returns when a start that was under way is over.
     *
     * @throws ExecutorException temporary when it is not
     */
    void halt(String name) throws ExecutorException, InterruptedException {
        halted.add(name);
        if (!awaitStart(starts.get(name), LONG_BOUND)) {
            throw ExecutorException.temporary("podman: container " + name + ": a start of it has been under way for "
                    + LONG_BOUND.toSeconds() + " s; it is stopped after that");
        }
    }

    /** Waits for starts that are under way, so that a successor finds out what became of them. */
    void awaitStarts(Duration bound) throws InterruptedException {
        boolean ignored =
                awaitStart(CompletableFuture.allOf(starts.values().toArray(CompletableFuture[]::new)), bound);
    }

    /** Whether it is over: whoever looks at the container sees what became of it. */
    private static boolean awaitStart(@Nullable CompletableFuture<?> start, Duration bound)
            throws InterruptedException {
        if (start == null) {
            return true;
        }
        try {
            start.get(bound.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Sends a signal; false when it does not run. */
    boolean signal(String name, int signal) throws ExecutorException, InterruptedException {
        Answer answer = api.post(
                PodmanApi.at("containers", name, "kill").addQueryParameter("signal", Integer.toString(signal)),
                null,
                BOUND);
        if (answer.ok()) {
            return true;
        }
        // Whose conmon was killed is said to run for ever, but this call finds out.
        if (answer.notFound()
                || ENDED.matcher(answer.complaint()).find()
                || !inspect(name).map(ContainerState::runs).orElse(false)) {
            return false;
        }
        throw ExecutorException.temporary(
                "podman: container " + name + ": cannot send signal " + signal + ": " + answer.complaint());
    }

    void unpause(String name) throws ExecutorException, InterruptedException {
        api.post(PodmanApi.at("containers", name, "unpause"), null, BOUND);
    }

    /** Removes it with its anonymous volumes, running or not. Podman may be busy cleaning up after its end. */
    void delete(String name) throws ExecutorException, InterruptedException {
        Instant giveUpAt = Instant.now().plus(BOUND);
        String complaint = deleteOnce(name);
        while (!complaint.isEmpty()) {
            if (Instant.now().isAfter(giveUpAt)) {
                throw ExecutorException.temporary(
                        "podman: container " + name + " cannot be removed yet: " + complaint);
            }
            Changes.await(changes.next(name), PAUSE);
            complaint = deleteOnce(name);
        }
        forget(name);
    }

    /** There is none of that name any more. */
    void forget(String name) {
        halted.remove(name);
        ends.remove(name);
        changes.happened(name);
    }

    /** What keeps it from being gone; empty when it is. */
    private String deleteOnce(String name) throws ExecutorException, InterruptedException {
        Answer answer = api.delete(
                PodmanApi.at("containers", name)
                        .addQueryParameter("force", "true")
                        .addQueryParameter("v", "true")
                        .addQueryParameter("volumes", "true")
                        .addQueryParameter("timeout", "0"),
                LONG_BOUND);
        if (!answer.ok() && !answer.notFound()) {
            return answer.complaint();
        }
        Answer look = api.get(PodmanApi.at("containers", name, "json"), BOUND);
        if (look.notFound()) {
            known.remove(name);
            return "";
        }
        return look.ok() ? "it is still there" : look.complaint();
    }

    /** The labels of all containers with this label. */
    List<JsonObject> labelled(String label, String value) throws ExecutorException, InterruptedException {
        JsonObject filters = new JsonObject();
        filters.add("label", Json.array(List.of(label + "=" + value)));
        return list(filters);
    }

    /** Names of those that run and that tasks may have. */
    Set<String> running() throws ExecutorException, InterruptedException {
        JsonObject filters = new JsonObject();
        filters.add("label", Json.array(List.of(Labels.TASK_ID)));
        filters.add("status", Json.array(List.of("running")));
        Set<String> names = new HashSet<>();
        list(filters).forEach(container -> names.addAll(Json.texts(container, "Names")));
        return names;
    }

    private List<JsonObject> list(JsonObject filters) throws ExecutorException, InterruptedException {
        Answer answer = api.get(
                PodmanApi.at("containers", "json")
                        .addQueryParameter("all", "true")
                        .addQueryParameter("filters", filters.toString()),
                LONG_BOUND);
        if (!answer.ok() || !(answer.body().isJsonArray() || answer.body().isJsonNull())) {
            throw new AwayException("podman: cannot list containers: " + answer.complaint());
        }
        List<JsonObject> found = new ArrayList<>();
        if (answer.body().isJsonArray()) {
            for (JsonElement element : answer.body().getAsJsonArray()) {
                found.add(element.getAsJsonObject());
            }
        }
        return found;
    }
}
