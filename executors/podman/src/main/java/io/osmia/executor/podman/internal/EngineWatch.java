package io.osmia.executor.podman.internal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.osmia.api.executor.ExecutorDescription.EnginePlugin;
import io.osmia.api.executor.ExecutorException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps in touch with Podman: one thread that reads its events for all containers, and one that asks every {@link #PING}
 * whether it still answers. While Podman is away the first one tries again and again; when it is back everybody who waits
 * is woken to look for himself.
 */
final class EngineWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EngineWatch.class);

    private static final Duration PING = Duration.ofSeconds(3);
    private static final Duration PING_BOUND = Duration.ofSeconds(8);

    /** A machine that starts a hundred containers may be silent for a while. */
    private static final int PINGS_TO_MISS = 2;

    private static final Duration INFO_BOUND = Duration.ofSeconds(10);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2000;
    private static final int OLDEST_MAJOR = 4;

    /** What those wait for who wait; a health check, for one, has three others. */
    private static final List<String> EVENTS = List.of("start", "died", "remove");

    /** How often it is looked whether an event was missed. */
    private static final Duration LOOK = Duration.ofSeconds(30);

    private static final String VERSION_HEADER = "libpod-api-version";

    /** Events are asked for from a little earlier on: Podman answers before it listens. */
    private static final Duration OVERLAP = Duration.ofSeconds(3);

    /**
     * What is known of Podman.
     *
     * @param available whether it answers
     * @param message why not
     * @param version its version
     * @param plugins what it offers
     * @param events whether its events are coming in
     */
    record Engine(boolean available, String message, String version, List<EnginePlugin> plugins, boolean events) {}

    private final PodmanApi api;
    private final Containers containers;
    private final Changes changes;
    private final Thread events;
    private final Thread pings;
    private final CountDownLatch firstWord = new CountDownLatch(1);
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile Engine engine;

    EngineWatch(PodmanApi api, Containers containers, Changes changes) {
        this.api = api;
        this.containers = containers;
        this.changes = changes;
        engine = new Engine(false, "Podman at " + api.socket() + " has not answered yet", "", List.of(), false);
        this.events = Thread.ofPlatform().name("podman-events").daemon(true).unstarted(this::keepInTouch);
        this.pings = Thread.ofPlatform().name("podman-ping").daemon(true).unstarted(this::keepAsking);
    }

    /** Begins, and waits a moment for the first word, so that a Podman that is there is known to be. */
    void start(Duration patience) {
        events.start();
        pings.start();
        try {
            if (!firstWord.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("Podman at {} takes its time to answer", api.socket());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Engine engine() {
        return engine;
    }

    private void keepInTouch() {
        long pause = FIRST_PAUSE_MILLIS;
        try {
            do {
                boolean heard = false;
                try {
                    Engine found = meet();
                    heard = true;
                    changeEngine(now -> found);
                    LOG.info("Podman {} at {} is there", found.version(), api.socket());
                    firstWord.countDown();
                    readEvents(found);
                } catch (AwayException e) {
                    if (!heard || engine.available()) { // else it is known, and why
                        away(e.why());
                    }
                }
                pause = heard ? FIRST_PAUSE_MILLIS : Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
            } while (!stop.await(pause, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void away(String why) {
        if (api.isClosed()) {
            LOG.debug("{}", why);
        } else if (engine.available()) {
            LOG.warn("{}", why);
        } else if (!engine.message().equals(why)) {
            LOG.info("{}", why); // many machines have none
        }
        changeEngine(now -> new Engine(false, why, now.version(), now.plugins(), false));
        firstWord.countDown();
    }

    private Engine meet() throws AwayException, InterruptedException {
        Map<String, List<String>> headers = api.ping(PING_BOUND);
        String version = headers.getOrDefault(VERSION_HEADER, List.of("")).getFirst();
        if (version.isEmpty()) {
            throw new AwayException("what answers at " + api.socket() + " is not Podman");
        }
        String major = version.split("\\.", 2)[0];
        if (!major.matches("[0-9]{1,4}") || Integer.parseInt(major) < OLDEST_MAJOR) {
            throw new AwayException("Podman at " + api.socket() + " is of version " + version
                    + "; 4.0.0 is the oldest one that will do");
        }
        return new Engine(true, "", version, engine.plugins(), false);
    }

    /** Takes Podman a second or two, so nobody waits for it. */
    private void askForPlugins() throws AwayException, InterruptedException {
        Answer info = api.get(PodmanApi.at("info"), INFO_BOUND);
        List<EnginePlugin> plugins = plugins(Json.object(info.object(), "plugins"));
        changeEngine(now -> new Engine(now.available(), now.message(), now.version(), plugins, now.events()));
    }

    /** Both threads change it. */
    private synchronized void changeEngine(UnaryOperator<Engine> change) {
        engine = change.apply(engine);
    }

    private static List<EnginePlugin> plugins(JsonObject offered) {
        List<EnginePlugin> plugins = new ArrayList<>();
        add(plugins, "Authorization", Json.texts(offered, "authorization"));
        add(plugins, "Log", Json.texts(offered, "log"));
        add(plugins, "Network", Json.texts(offered, "network"));
        add(plugins, "Volume", Json.texts(offered, "volume"));
        return plugins;
    }

    private static void add(List<EnginePlugin> plugins, String type, List<String> names) {
        names.stream().sorted().forEach(name -> plugins.add(new EnginePlugin(type, name)));
    }

    /** Returns when they end; without them everybody looks more often. */
    private void readEvents(Engine found) throws AwayException, InterruptedException {
        JsonObject filters = new JsonObject();
        filters.add("type", Json.array(List.of("container")));
        filters.add("event", Json.array(EVENTS));
        HttpUrl.Builder url = PodmanApi.at("events")
                .addQueryParameter("stream", "true")
                .addQueryParameter("since", Long.toString(Instant.now().minus(OVERLAP).getEpochSecond()))
                .addQueryParameter("filters", filters.toString());
        try (PodmanApi.Stream stream = api.stream(new Request.Builder().url(url.build()).build())) {
            Response response = stream.response();
            if (!response.isSuccessful()) {
                LOG.warn("Podman at {} gives no events ({}); containers are looked at every second instead",
                        api.socket(), Answer.of(response.code(), response.body().string()).complaint());
                changes.mayHaveHappened();
                while (engine.available() && !stop.await(1, TimeUnit.SECONDS)) {
                    changes.mayHaveHappened();
                }
                return;
            }
            changeEngine(now -> new Engine(true, "", found.version(), now.plugins(), true));
            changes.mayHaveHappened();
            BufferedSource lines = response.body().source();
            for (String line = lines.readUtf8Line(); line != null; line = lines.readUtf8Line()) {
                tell(line);
            }
            throw new AwayException("Podman at " + api.socket() + " has ended its events");
        } catch (IOException e) {
            throw api.failed(e, Duration.ZERO);
        }
    }

    private void tell(String line) {
        try {
            JsonElement event = JsonParser.parseString(line);
            if (event.isJsonObject()) {
                JsonObject actor = Json.object(event.getAsJsonObject(), "Actor");
                changes.happened(Json.text(Json.object(actor, "Attributes"), "name"));
            }
        } catch (JsonParseException e) {
            LOG.debug("Podman said something strange: {}", line);
            changes.mayHaveHappened();
        }
    }

    /** Notices when Podman hangs: then nothing comes in and no connection ends. */
    private void keepAsking() {
        int missed = 0;
        long lookAt = System.nanoTime() + LOOK.toNanos();
        Thread look = Thread.ofVirtual().name("podman-look").unstarted(this::wakeMissed);
        try {
            firstWord.await();
            do {
                if (!engine.available()) {
                    continue;
                }
                try {
                    api.ping(PING_BOUND);
                    missed = 0;
                    if (engine.plugins().isEmpty()) {
                        askForPlugins();
                    }
                    if (engine.events() && System.nanoTime() > lookAt && !look.isAlive()) {
                        lookAt = System.nanoTime() + LOOK.toNanos();
                        look = Thread.ofVirtual().name("podman-look").start(this::wakeMissed);
                    }
                } catch (AwayException e) {
                    if (++missed >= PINGS_TO_MISS) {
                        missed = 0;
                        away(e.why());
                        api.cancelAll();
                    }
                }
            } while (!stop.await(PING.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Wakes those who wait for a container that does not run, in case its event was lost: one list for all of them. */
    private void wakeMissed() {
        try {
            Set<String> waiting = changes.awaited();
            if (!waiting.isEmpty()) {
                Set<String> running = containers.running();
                waiting.stream().filter(name -> !running.contains(name)).forEach(changes::happened);
            }
        } catch (ExecutorException e) {
            LOG.debug("it cannot be seen whether events were lost: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends both threads; the API has to be closed before. */
    @Override
    public void close() {
        stop.countDown();
        events.interrupt();
        pings.interrupt();
        changes.mayHaveHappened();
        try {
            if (!events.join(Duration.ofMillis(400)) || !pings.join(Duration.ofMillis(200))) {
                LOG.warn("a thread of the Podman executor does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
