package io.osmia.executor.docker.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether the engine is there, and hears from it what happens to all containers: one stream of events, and a look from
 * time to time at whether the engine still answers and nothing was missed.
 */
final class Watch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private static final List<String> EVENTS = List.of("start", "die", "destroy", "health_status");

    /** Time between two attempts to reach an engine that is away, and between two looks at one that is there. */
    private final Duration away;

    private final Duration look;
    private final Engine engine;
    private final Bells bells;
    private final Consumer<String> changed;
    private final Thread thread;
    private final CountDownLatch first = new CountDownLatch(1);

    /** Whether the engine has answered since its connections were left; of the watch's thread alone. */
    private boolean spoken;

    private volatile State state = new State(false, "the engine has not been reached yet", EngineFacts.NONE);

    /**
     * @param available whether the engine answers
     * @param why not
     * @param facts what it said of itself last
     */
    record State(boolean available, String why, EngineFacts facts) {}

    /** @param changed is told the name of each container to which something happened */
    Watch(Engine engine, Bells bells, Consumer<String> changed, Duration away, Duration look) {
        this.engine = engine;
        this.bells = bells;
        this.changed = changed;
        this.away = away;
        this.look = look;
        this.thread = Thread.ofVirtual().name("docker-watch").start(this::run);
    }

    State state() {
        return state;
    }

    /** Waits until it is known for the first time whether the engine is there. */
    void awaitFirst(Duration bound) throws InterruptedException {
        boolean ignored = first.await(bound.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run() {
        boolean said = false;
        try {
            while (!engine.closed()) {
                try {
                    renew();
                    follow();
                    renew();
                    said = false;
                } catch (EngineException e) {
                    lost(e.getMessage());
                    said = false;
                } catch (RuntimeException e) { // e.g. a certificate that is just being written
                    lost("engine at " + engine.settings().host() + ": " + e);
                    if (!said) {
                        said = true;
                        LOG.warn("docker engine at {} cannot be reached, it is tried again",
                                engine.settings().host(), e);
                    }
                }
                first.countDown();
                Pause.sleep(away);
            }
        } catch (InterruptedException e) {
            LOG.debug("watch of {} ended", engine.settings().host());
        }
    }

    /** Leaves the connections to an engine that was there: none of them is one to the next. */
    private void renew() {
        if (spoken) {
            engine.reconnect();
            spoken = false;
        }
    }

    /** Returns when the engine has ended the stream of events, or hangs. */
    private void follow() throws EngineException, InterruptedException {
        engine.find();
        engine.negotiate();
        spoken = true;
        String filters = Query.filters(Map.of("type", List.of("container"), "event", EVENTS, "label",
                List.of(Labels.SPEC_DIGEST)));
        try (Response events = engine.open(
                Request.Method.GET, "/events?filters=" + filters, Map.of(), engine.settings().call(), "tell events")) {
            EngineFacts facts = EngineFacts.of(engine.get("/info", "tell about itself"));
            if (!state.available()) {
                LOG.info("docker engine {} at {} is there", facts.version(), engine.settings().host());
            }
            state = new State(true, "", facts);
            first.countDown();
            bells.ringAll();
            AtomicBoolean hangs = new AtomicBoolean();
            Thread checks = Thread.ofVirtual().name("docker-check").start(() -> check(events, hangs));
            try {
                read(events);
            } finally {
                checks.interrupt();
            }
            if (hangs.get()) {
                return;
            }
        }
        lost("engine at " + engine.settings().host() + ": the connection was closed");
    }

    private void read(Response events) {
        // Closed by closing the answer: the body alone would be read to its end first.
        try {
            MappingIterator<JsonNode> each =
                    Engine.JSON.readerFor(JsonNode.class).readValues(events.getBody());
            while (each.hasNextValue()) {
                JsonNode event = each.nextValue();
                String name = event.path("Actor").path("Attributes").path("name").asText();
                changed.accept(name);
                bells.ring(name);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("events of {} ended: {}", engine.settings().host(), e.toString());
        }
    }

    /** Ends the stream when the engine does not answer any more, and wakes those whose event was lost. */
    private void check(Response events, AtomicBoolean hangs) {
        try {
            while (true) {
                Pause.sleep(look);
                lookTwice();
            }
        } catch (EngineException e) {
            hangs.set(true);
            lost(e.getMessage());
            events.close();
        } catch (InterruptedException e) {
            LOG.debug("checks of {} ended", engine.settings().host());
        }
    }

    /** An engine that takes too long once is busy: giving it up would break all calls under way. Twice in a row it hangs. */
    private void lookTwice() throws EngineException, InterruptedException {
        try {
            ringMissed();
        } catch (EngineException e) {
            if (e.kind() != EngineException.Kind.TIMEOUT) {
                throw e;
            }
            LOG.debug("it is asked once more: {}", e.getMessage());
            ringMissed();
        }
    }

    private void ringMissed() throws EngineException, InterruptedException {
        Set<String> waiting = bells.listenedTo();
        Set<String> running = new HashSet<>();
        String filters = Query.filters(Map.of("label", List.of(Labels.SPEC_DIGEST), "status", List.of("running")));
        for (JsonNode container : engine.get("/containers/json?filters=" + filters, "list its containers")) {
            running.add(Query.name(container));
        }
        waiting.stream().filter(name -> !running.contains(name)).forEach(name -> {
            changed.accept(name);
            bells.ring(name);
        });
    }

    private void lost(@Nullable String why) {
        State former = state;
        state = new State(false, String.valueOf(why), former.facts());
        engine.forgetVersion();
        if (former.available() && !engine.closed()) {
            LOG.warn("docker engine is away, its containers are left as they are: {}", why);
        }
        bells.ringAll();
    }

    @Override
    public void close() {
        thread.interrupt();
        state = new State(false, "the executor is being replaced", state.facts());
        first.countDown();
        bells.ringAll();
        try {
            thread.join(Duration.ofMillis(300));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
