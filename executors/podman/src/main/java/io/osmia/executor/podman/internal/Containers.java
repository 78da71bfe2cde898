package io.osmia.executor.podman.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.osmia.api.executor.ExecutorException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

/**
 * What can be done to containers, by name. A start that is under way is never begun a second time, and goes on when the
 * caller who asked for it is interrupted: Podman starts an ended container anew, so nobody may ask blindly.
 */
final class Containers {

    static final Duration BOUND = Duration.ofSeconds(15);
    private static final Duration LONG_BOUND = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Pattern ENDED = Pattern.compile("(improper:|in state) (stopped|exited)");

    private final PodmanApi api;
    private final Changes changes;
    private final Map<String, CompletableFuture<Answer>> starts = new ConcurrentHashMap<>();

    /** Containers as they were seen last. */
    private final Map<String, ContainerState> known = new ConcurrentHashMap<>();

    /** Names of those that were told to stop: they are not started any more. */
    private final Set<String> halted = ConcurrentHashMap.newKeySet();

    Containers(PodmanApi api, Changes changes) {
        this.api = api;
        this.changes = changes;
    }

    /** The container; empty when there is certainly none. */
    Optional<ContainerState> inspect(String name) throws ExecutorException, InterruptedException {
        Optional<ContainerState> found = inspect(name, BOUND);
        if (found.isPresent()) {
            known.put(name, found.get());
        } else {
            known.remove(name);
        }
        return found;
    }

    /** What was seen last, by anyone; else what can be seen in that time. */
    Optional<ContainerState> glance(String name, Duration bound) {
        ContainerState seen = known.get(name);
        if (seen != null) {
            return Optional.of(seen);
        }
        try {
            return inspect(name, bound);
        } catch (ExecutorException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Optional<ContainerState> inspect(String name, Duration bound)
            throws ExecutorException, InterruptedException {
        Answer answer = api.get(PodmanApi.at("containers", name, "json"), bound);
        if (answer.notFound()) {
            return Optional.empty();
        }
        if (!answer.ok()) {
            throw new AwayException("podman: cannot look at container " + name + ": " + answer.complaint());
        }
        ContainerState state = ContainerState.of(answer.object());
        if (state.mayBeOutOfMemory() && !wasKilled(name, state.startedAt())) {
            // Podman 4.3 looks for conmon's note of it in another folder than the one conmon writes it to.
            state = state.noticingOutOfMemory();
        }
        return Optional.of(state);
    }

    /** Whether somebody had Podman stop it or send it a signal. */
    private boolean wasKilled(String name, Instant since) throws AwayException, InterruptedException {
        JsonObject filters = new JsonObject();
        filters.add("container", Json.array(List.of(name)));
        filters.add("event", Json.array(List.of("kill", "stop")));
        Answer answer = api.get(
                PodmanApi.at("events")
                        .addQueryParameter("stream", "false")
                        .addQueryParameter("since", Long.toString(since.getEpochSecond()))
                        .addQueryParameter("filters", filters.toString()),
                BOUND);
        return !answer.ok() || !answer.body().isJsonNull();
    }

    /** @return whether it was made, and not there already */
    boolean create(String name, JsonObject request, String taskId, HealthSettings health)
            throws ExecutorException, InterruptedException {
        Answer answer = api.post(PodmanApi.at("containers", "create"), request, LONG_BOUND);
        if (answer.ok()) {
            known.put(name, ContainerState.made(Json.text(answer.object(), "Id"), taskId, health));
            return true;
        }
        if (inspect(name).isPresent()) {
            return false;
        }
        throw Refusals.of(name, "make it", answer);
    }

    /** Starts one that was never started. */
    void start(String name) throws ExecutorException, InterruptedException {
        CompletableFuture<Answer> start = starts.computeIfAbsent(name, this::begin);
        try {
            Answer answer = start.get(LONG_BOUND.toMillis() + BOUND.toMillis(), TimeUnit.MILLISECONDS);
            if (!answer.ok()) {
                throw Refusals.of(name, "start it", answer);
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ExecutorException known
                    ? known
                    : new AwayException("podman: container " + name + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new AwayException("podman: container " + name + " is not started within "
                    + LONG_BOUND.toSeconds() + " s", e);
        }
    }

    private CompletableFuture<Answer> begin(String name) {
        CompletableFuture<Answer> start = new CompletableFuture<>();
        Thread.ofVirtual().name("podman-start-" + name).start(() -> {
            try {
                if (halted.contains(name)) {
                    throw Refusals.never("container " + name + " was told to stop before it was started");
                }
                start.complete(api.post(PodmanApi.at("containers", name, "start"), null, LONG_BOUND));
            } catch (ExecutorException | InterruptedException | RuntimeException e) {
                start.completeExceptionally(e);
            } finally {
                starts.remove(name, start);
            }
        });
        return start;
    }

    /** From now on it is not started any more; returns when a start that was under way is over. */
    void halt(String name) throws InterruptedException {
        halted.add(name);
        awaitStart(starts.get(name), LONG_BOUND);
    }

    /** Waits for starts that are under way, so that a successor finds out what became of them. */
    void awaitStarts(Duration bound) throws InterruptedException {
        awaitStart(CompletableFuture.allOf(starts.values().toArray(CompletableFuture[]::new)), bound);
    }

    private static void awaitStart(@org.jspecify.annotations.Nullable CompletableFuture<?> start, Duration bound)
            throws InterruptedException {
        if (start == null) {
            return;
        }
        try {
            start.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // whoever looks at the container sees what became of it
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
        halted.remove(name);
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
        JsonArray labels = new JsonArray();
        labels.add(label + "=" + value);
        filters.add("label", labels);
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
