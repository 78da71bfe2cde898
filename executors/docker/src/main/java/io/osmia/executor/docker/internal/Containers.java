package io.osmia.executor.docker.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Containers of the engine, by name. What is done already succeeds. */
final class Containers {

    /** What the engine may need beyond the grace period until a container is gone. */
    private static final Duration KILL = Duration.ofSeconds(30);

    /** What the engine may need to say why a container ended, after it has said that it did. */
    private static final Duration LATE = Duration.ofMillis(200);

    private static final Duration JUST_NOW = Duration.ofSeconds(5);

    private final Engine engine;
    private final Semaphore heavy;

    Containers(Engine engine) {
        this.engine = engine;
        this.heavy = new Semaphore(engine.settings().parallel(), true);
    }

    Optional<Container> inspect(String name) throws EngineException, InterruptedException {
        try {
            return Optional.of(Container.of(engine.get(path(name, "/json"), "inspect container " + name)));
        } catch (EngineException e) {
            if (e.notFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * The same container, or what the engine says of it a moment later: that its memory limit ended it is an event of its own,
     * which may come after that of its end.
     */
    Container settled(Container seen) throws EngineException, InterruptedException {
        if (!seen.mayBeOutOfMemory() || seen.finishedAt().isBefore(Instant.now().minus(JUST_NOW))) {
            return seen;
        }
        Pause.sleep(LATE);
        return inspect(seen.name()).filter(again -> again.id().equals(seen.id())).orElse(seen);
    }

    /** Containers of the node that this executor made: name, task id and digest. */
    List<Listed> list(String nodeId) throws EngineException, InterruptedException {
        String filters = Query.filters(
                Map.of("label", List.of(Labels.SPEC_DIGEST, Labels.TASK_ID, Labels.NODE_ID + "=" + nodeId)));
        List<Listed> found = new ArrayList<>();
        for (JsonNode node : engine.get("/containers/json?all=1&filters=" + filters, "list its containers")) {
            Map<String, String> labels = Container.labels(node.path("Labels"));
            found.add(new Listed(
                    Query.name(node),
                    labels.getOrDefault(Labels.TASK_ID, ""),
                    labels.getOrDefault(Labels.SPEC_DIGEST, "")));
        }
        return found;
    }

    /** A container in a list. */
    record Listed(String name, String taskId, String specDigest) {}

    /** @throws EngineException of conflict when there is a container of that name */
    void create(String name, ObjectNode body) throws EngineException, InterruptedException {
        String path = "/containers/create?name=" + Query.encode(name);
        heavily(() -> engine.post(path, body, engine.settings().work(), "create container " + name));
    }

    /**
     * To be called only for one that was never started: the engine starts one that has ended anew. So it is asked once, and
     * after {@link EngineException.Kind#UNREACHABLE} somebody has to look before it is asked again.
     */
    void start(String name) throws EngineException, InterruptedException {
        heavily(() -> engine.postOnce(path(name, "/start"), engine.settings().work(), "start container " + name));
    }

    private void heavily(Verb verb) throws EngineException, InterruptedException {
        if (!heavy.tryAcquire(engine.settings().work().toMillis(), TimeUnit.MILLISECONDS)) {
            throw EngineException.refused(503, "the " + engine.settings().parallel()
                    + " containers before it are not made or started within " + engine.settings().work().toSeconds()
                    + " s");
        }
        try {
            verb.run();
        } finally {
            heavy.release();
        }
    }

    /** Returns when it has ended: by itself within the grace period, else killed. */
    void stop(String name, Duration grace) throws EngineException, InterruptedException {
        long seconds = grace.plusMillis(999).toSeconds();
        Duration bound = grace.plus(KILL);
        unlessGone(() -> engine.post(path(name, "/stop?t=" + seconds), null, bound, "stop container " + name));
    }

    /** Returns when it has ended. */
    void kill(String name) throws EngineException, InterruptedException {
        unlessGone(() -> engine.post(path(name, "/kill?signal=KILL"), null, KILL, "kill container " + name));
    }

    void signal(String name, String signal) throws EngineException, InterruptedException {
        engine.postOnce(
                path(name, "/kill?signal=" + Query.encode(signal)),
                engine.settings().call(),
                "signal container " + name);
    }

    /** One look at what it uses, which the engine may take two seconds for. */
    JsonNode statistics(String name, Duration bound) throws EngineException, InterruptedException {
        return engine.get(
                path(name, "/stats?stream=0&one-shot=1"), bound, "tell what container " + name + " uses");
    }

    /** Removes it with its anonymous volumes, running or not. */
    void remove(String name) throws EngineException, InterruptedException {
        unlessGone(() -> engine.delete(
                path(name, "?force=1&v=1"), engine.settings().work(), "remove container " + name));
    }

    void createVolume(ObjectNode body) throws EngineException, InterruptedException {
        engine.post("/volumes/create", body, engine.settings().work(),
                "create volume " + body.path("Name").asText());
    }

    boolean imageExists(String reference) throws EngineException, InterruptedException {
        try {
            engine.get("/images/" + reference + "/json", "inspect image " + reference);
            return true;
        } catch (EngineException e) {
            if (e.notFound()) {
                return false;
            }
            throw e;
        }
    }

    private static String path(String name, String verb) {
        return "/containers/" + Query.encode(name) + verb;
    }

    private interface Verb {
        Object run() throws EngineException, InterruptedException;
    }

    /** What does not exist, does not run or is being removed is stopped. */
    private static void unlessGone(Verb verb) throws EngineException, InterruptedException {
        try {
            verb.run();
        } catch (EngineException e) {
            if (!e.notFound() && !e.conflict()) {
                throw e;
            }
        }
    }
}
