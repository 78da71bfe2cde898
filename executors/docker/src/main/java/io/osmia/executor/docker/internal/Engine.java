package io.osmia.executor.docker.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine's HTTP API. Every call has a bound of its own and ends at once when its caller is interrupted: over a unix
 * socket the transport enforces no timeout, so each call runs on a thread that can be interrupted, which closes its socket.
 *
 * <p>docker-java's transport is used and not its commands: those stream on threads that nobody can end before the engine
 * answers, and do not read answers that name something (a capability, a log driver) that came after them.
 */
final class Engine implements AutoCloseable {

    static final ObjectMapper JSON = JsonMapper.builder().build();

    private static final int LARGEST_ANSWER = 64 << 20;

    private final Settings settings;
    private final Supplier<DockerHttpClient> connector;
    private final Set<Call<?>> calls = ConcurrentHashMap.newKeySet();
    private volatile DockerHttpClient http;
    private volatile @Nullable ApiVersion api;
    private volatile boolean closed;

    Engine(Settings settings) {
        this(settings, () -> Transport.connect(settings));
    }

    Engine(Settings settings, Supplier<DockerHttpClient> connector) {
        this.settings = settings;
        this.connector = connector;
        this.http = connector.get();
    }

    /** What the engine answered, other than a refusal. */
    record Answer(int status, JsonNode body) {}

    Settings settings() {
        return settings;
    }

    boolean closed() {
        return closed;
    }

    /** The version of the API that is spoken; asks the engine when it is not known yet. */
    ApiVersion api() throws EngineException, InterruptedException {
        @Nullable ApiVersion known = api;
        return known != null ? known : negotiate();
    }

    /** Looks whether there is a socket at all, which costs nothing. */
    void find() throws EngineException {
        if (settings.unix() && Files.notExists(Path.of(settings.host().getPath()))) {
            throw unreachable(new IOException("no socket"));
        }
    }

    /** Finds out which version of the API to speak. */
    ApiVersion negotiate() throws EngineException, InterruptedException {
        JsonNode version = again(Request.Method.GET, "/version", null, settings.call(), "tell its version").body();
        ApiVersion agreed = ApiVersion.agree(
                version.path("ApiVersion").asText(), version.path("MinAPIVersion").asText(), settings.host());
        api = agreed;
        return agreed;
    }

    /** Which version to speak is asked again: another engine may answer next. */
    void forgetVersion() {
        api = null;
    }

    /** Forgets connections that are kept, and ends calls that wait for the engine that has ended or hangs. */
    void reconnect() {
        DockerHttpClient former = http;
        http = connector.get();
        release(former);
        if (closed) {
            release(http);
        }
    }

    JsonNode get(String path, String what) throws EngineException, InterruptedException {
        return get(path, settings.call(), what);
    }

    JsonNode get(String path, Duration bound, String what) throws EngineException, InterruptedException {
        return send(Request.Method.GET, path, null, bound, what).body();
    }

    Answer post(String path, @Nullable JsonNode body, Duration bound, String what)
            throws EngineException, InterruptedException {
        return send(Request.Method.POST, path, body, bound, what);
    }

    Answer delete(String path, Duration bound, String what) throws EngineException, InterruptedException {
        return send(Request.Method.DELETE, path, null, bound, what);
    }

    /**
     * Sends what must not happen twice. When its connection breaks, also one that was kept and is dead, nobody knows whether it
     * has happened: the caller has to look.
     */
    Answer postOnce(String path, Duration bound, String what) throws EngineException, InterruptedException {
        return once(Request.Method.POST, api().prefix() + path, null, bound, what);
    }

    /** All calls that go this way may be repeated: their effect is named, and is there or not. */
    private Answer send(
            Request.Method method, String path, @Nullable JsonNode body, Duration bound, String what)
            throws EngineException, InterruptedException {
        return again(method, api().prefix() + path, body, bound, what);
    }

    private Answer again(
            Request.Method method, String path, @Nullable JsonNode body, Duration bound, String what)
            throws EngineException, InterruptedException {
        try {
            return once(method, path, body, bound, what);
        } catch (EngineException e) {
            if (e.kind() != EngineException.Kind.UNREACHABLE) {
                throw e;
            }
            // A connection that was kept is closed when the engine has been restarted: the next one tells.
            return once(method, path, body, bound, what);
        }
    }

    private Answer once(
            Request.Method method, String path, @Nullable JsonNode body, Duration bound, String what)
            throws EngineException, InterruptedException {
        Request request = request(method, path, body, Map.of(), null);
        return call(bound, what, client -> {
            try (Response response = client.execute(request)) {
                byte[] bytes = response.getBody().readNBytes(LARGEST_ANSWER);
                return answer(response.getStatusCode(), bytes);
            }
        }, answer -> {
            // holds nothing
        });
    }

    private static Answer answer(int status, byte[] bytes) throws EngineException, IOException {
        if (status >= 400) {
            throw EngineException.refused(status, message(status, bytes));
        }
        boolean json = bytes.length > 0 && (bytes[0] == '{' || bytes[0] == '[');
        return new Answer(status, json ? JSON.readTree(bytes) : MissingNode.getInstance());
    }

    private static String message(int status, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        try {
            JsonNode message = JSON.readTree(bytes).path("message");
            if (message.isTextual()) {
                text = message.asText().strip();
            }
        } catch (IOException e) {
            // Then the text is all there is.
        }
        return text.isEmpty() ? "HTTP status " + status : text;
    }

    /** Begins an answer that goes on: its caller reads and closes it. */
    Response open(Request.Method method, String path, Map<String, String> headers, Duration bound, String what)
            throws EngineException, InterruptedException {
        return open(request(method, api().prefix() + path, null, headers, null), bound, what);
    }

    /** Begins an answer that goes on while input is sent. */
    Response hijack(String path, JsonNode body, InputStream input, String what)
            throws EngineException, InterruptedException {
        return open(request(Request.Method.POST, api().prefix() + path, body, Map.of(), input), settings.call(), what);
    }

    private Response open(Request request, Duration bound, String what)
            throws EngineException, InterruptedException {
        return call(bound, what, client -> {
            Response response = client.execute(request);
            if (response.getStatusCode() >= 400) {
                try (response) {
                    byte[] bytes = response.getBody().readNBytes(LARGEST_ANSWER);
                    throw EngineException.refused(
                            response.getStatusCode(), message(response.getStatusCode(), bytes));
                }
            }
            return response;
        }, Response::close);
    }

    private static Request request(
            Request.Method method,
            String path,
            @Nullable JsonNode body,
            Map<String, String> headers,
            @Nullable InputStream input) {
        Request.Builder request = Request.builder();
        request.method(method).path(path).putAllHeaders(headers);
        if (body != null) {
            request.putHeader("Content-Type", "application/json");
            request.body(new ByteArrayInputStream(body.toString().getBytes(StandardCharsets.UTF_8)));
        }
        if (input != null) {
            request.hijackedInput(input);
        }
        return request.build();
    }

    private <T> T call(Duration bound, String what, Work<T> work, Discard<T> discard)
            throws EngineException, InterruptedException {
        Call<T> call = new Call<>(this, work, discard);
        calls.add(call);
        try {
            if (closed) {
                throw EngineException.detached();
            }
            call.thread.start();
            return call.result(bound, what);
        } finally {
            calls.remove(call);
        }
    }

    EngineException unreachable(Throwable cause) {
        return closed ? EngineException.detached() : Transport.unreachable(settings, cause);
    }

    /** Ends all calls and closes all connections. */
    @Override
    public void close() {
        closed = true;
        calls.forEach(call -> call.end(EngineException.detached()));
        release(http);
    }

    /** Closing may want to say goodbye to an engine that hangs: nobody waits long for that. */
    private static void release(DockerHttpClient client) {
        Thread closer = Thread.ofVirtual().name("docker-close").start(() -> {
            try {
                client.close();
            } catch (IOException | UncheckedIOException e) {
                // It is closed as far as it can be.
            }
        });
        try {
            if (!closer.join(Duration.ofMillis(300))) {
                closer.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Work<T> {
        T run(DockerHttpClient client) throws EngineException, IOException;
    }

    private interface Discard<T> {
        void discard(T late);
    }

    /** One call on a thread of its own. */
    private static final class Call<T> {

        private final CompletableFuture<T> done = new CompletableFuture<>();
        private final Thread thread;
        private final Engine engine;
        private final Discard<T> discard;

        Call(Engine engine, Work<T> work, Discard<T> discard) {
            this.engine = engine;
            this.discard = discard;
            this.thread = Thread.ofVirtual().name("docker-call").unstarted(() -> run(work));
        }

        private void run(Work<T> work) {
            try {
                T result = work.run(engine.http);
                if (!done.complete(result)) {
                    discard.discard(result);
                }
            } catch (EngineException e) {
                done.completeExceptionally(e);
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(engine.unreachable(e));
            }
        }

        T result(Duration bound, String what) throws EngineException, InterruptedException {
            try {
                return done.get(bound.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                end(EngineException.timeout("the engine at " + engine.settings.host() + " did not " + what
                        + " within " + text(bound)));
                return ended();
            } catch (InterruptedException e) {
                end(EngineException.timeout("interrupted"));
                discard();
                throw e;
            } catch (ExecutionException e) {
                throw failure(e);
            }
        }

        /** What it ended with: an answer may have come at the last moment. */
        private T ended() throws EngineException, InterruptedException {
            try {
                return done.get();
            } catch (ExecutionException e) {
                throw failure(e);
            }
        }

        private void discard() {
            if (!done.isCompletedExceptionally()) {
                discard.discard(done.join());
            }
        }

        private EngineException failure(ExecutionException e) {
            return e.getCause() instanceof EngineException failed ? failed : engine.unreachable(e);
        }

        private static String text(Duration bound) {
            return bound.toMillis() % 1000 == 0 ? bound.toSeconds() + " s" : bound.toMillis() + " ms";
        }

        void end(EngineException why) {
            done.completeExceptionally(why);
            thread.interrupt();
        }
    }
}
