package io.osmia.executor.podman.internal;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Calls of Podman's libpod API. Each call has a connection of its own, so none is ever found to be dead, and nothing stays
 * open. Interrupting a caller ends its call at once; Podman may still do what it was asked for.
 */
final class PodmanApi implements AutoCloseable {

    /** Oldest version of the API that has all that is asked for. */
    static final String VERSION = "v4.0.0";

    private static final MediaType JSON = MediaType.get("application/json");

    /** More at a time only queue up before Podman's database. */
    private static final int PARALLEL = 16;

    /** How long a call waits for its turn; those before it are bounded too. */
    private static final Duration TURN = Duration.ofSeconds(120);

    private static final Duration LEAST = Duration.ofMillis(1);

    private final Path socket;
    private final OkHttpClient client;
    private final Semaphore places = new Semaphore(PARALLEL, true);
    private final Set<Call> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    PodmanApi(Path socket) {
        this.socket = socket;
        this.client = new OkHttpClient.Builder()
                .socketFactory(new UnixSocketFactory(socket))
                .dns(host -> List.of(InetAddress.getLoopbackAddress()))
                .proxy(Proxy.NO_PROXY)
                .protocols(List.of(Protocol.HTTP_1_1))
                .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .fastFallback(false)
                .connectTimeout(Duration.ZERO)
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .build();
    }

    Path socket() {
        return socket;
    }

    /** The address of an endpoint; the parts are escaped. */
    static HttpUrl.Builder at(String... parts) {
        HttpUrl.Builder url = new HttpUrl.Builder().scheme("http").host("podman").addPathSegment(VERSION);
        url.addPathSegment("libpod");
        for (String part : parts) {
            url.addPathSegment(part);
        }
        return url;
    }

    Answer get(HttpUrl.Builder url, Duration bound) throws AwayException, InterruptedException {
        return call(new Request.Builder().url(url.build()).build(), bound);
    }

    Answer post(HttpUrl.Builder url, @Nullable JsonElement body, Duration bound)
            throws AwayException, InterruptedException {
        return call(posting(url, body).build(), bound);
    }

    Answer delete(HttpUrl.Builder url, Duration bound) throws AwayException, InterruptedException {
        return call(new Request.Builder().url(url.build()).delete().build(), bound);
    }

    static Request.Builder posting(HttpUrl.Builder url, @Nullable JsonElement body) {
        RequestBody content = RequestBody.create(body == null ? "" : body.toString(), JSON);
        return new Request.Builder().url(url.build()).post(content);
    }

    /** As {@link #get(HttpUrl.Builder, Duration)}, for somebody who waits no longer, also not for those before it. */
    Answer glance(HttpUrl.Builder url, Duration bound) throws AwayException, InterruptedException {
        long begun = System.nanoTime();
        takePlace(bound);
        try {
            Duration left = bound.minusNanos(System.nanoTime() - begun);
            return answer(new Request.Builder().url(url.build()).build(), left.isPositive() ? left : LEAST);
        } finally {
            places.release();
        }
    }

    /** As {@link #get(HttpUrl.Builder, Duration)}, for what may take long: nobody waits behind it, its caller counts them. */
    Answer getAside(HttpUrl.Builder url, Duration bound) throws AwayException, InterruptedException {
        return answer(new Request.Builder().url(url.build()).build(), bound);
    }

    /** As {@link #post}, but not when it is not wanted any more at its turn; then empty. */
    Optional<Answer> postIf(BooleanSupplier wanted, HttpUrl.Builder url, Duration bound)
            throws AwayException, InterruptedException {
        takePlace(TURN);
        try {
            return wanted.getAsBoolean() ? Optional.of(answer(posting(url, null).build(), bound)) : Optional.empty();
        } finally {
            places.release();
        }
    }

    private Answer call(Request request, Duration bound) throws AwayException, InterruptedException {
        takePlace(TURN);
        try {
            return answer(request, bound);
        } finally {
            places.release();
        }
    }

    private void takePlace(Duration bound) throws AwayException, InterruptedException {
        if (!places.tryAcquire(bound.toNanos(), TimeUnit.NANOSECONDS)) {
            throw closed ? replaced()
                    : new AwayException("Podman at " + socket + " is busy with " + PARALLEL
                            + " calls, and none of them ends");
        }
    }

    private Answer answer(Request request, Duration bound) throws AwayException, InterruptedException {
        try (Response response = execute(request, bound)) {
            return Answer.of(response.code(), response.body().string());
        } catch (IOException e) {
            throw failed(e, bound);
        }
    }

    /** The headers of the answer of {@code _ping}; the endpoint has no version, so anything that speaks HTTP answers. */
    Map<String, List<String>> ping(Duration bound) throws AwayException, InterruptedException {
        HttpUrl url = new HttpUrl.Builder().scheme("http").host("podman").addPathSegment("_ping").build();
        try (Response response = execute(new Request.Builder().url(url).build(), bound)) {
            return response.headers().toMultimap();
        } catch (IOException e) {
            throw failed(e, bound);
        }
    }

    /** An answer that goes on. */
    final class Stream implements AutoCloseable {
        private final Call call;
        private final Response response;

        private Stream(Call call, Response response) {
            this.call = call;
            this.response = response;
        }

        Response response() {
            return response;
        }

        @Override
        public void close() {
            streams.remove(call);
            call.cancel(); // else it would first be read to its end
            response.close();
        }
    }

    /** An answer that goes on; the caller closes it. Only {@link #cancelAll} and {@link #close} bound it. */
    Stream stream(Request request) throws AwayException, InterruptedException {
        return stream(client.newCall(request));
    }

    /**
     * As {@link #stream(Request)}; after so long a silence reading ends with {@link java.net.SocketTimeoutException}, and this
     * call with one as the cause.
     */
    Stream stream(Request request, Duration silence) throws AwayException, InterruptedException {
        return stream(client.newBuilder().readTimeout(silence).build().newCall(request));
    }

    private Stream stream(Call call) throws AwayException, InterruptedException {
        // Once the head of its answer is there, OkHttp does not count it among those that can be cancelled.
        streams.add(call);
        try {
            if (closed) {
                throw replaced();
            }
            return new Stream(call, call.execute());
        } catch (IOException e) {
            streams.remove(call);
            throw failed(e, Duration.ZERO);
        }
    }

    private Response execute(Request request, Duration bound) throws IOException, AwayException {
        Call call = client.newCall(request);
        call.timeout().timeout(bound.toNanos(), TimeUnit.NANOSECONDS);
        if (closed) {
            throw replaced();
        }
        return call.execute();
    }

    /** What a failed call means: an interruption of the caller, or that nobody answers. */
    AwayException failed(IOException e, Duration bound) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("call of Podman");
        }
        return closed ? replaced() : new AwayException(reason(e, bound), e);
    }

    private static AwayException replaced() {
        return new AwayException("the Podman executor is being replaced");
    }

    private String reason(IOException e, Duration bound) {
        String message = whole(e);
        if (!Files.exists(socket)) {
            return "no socket " + socket + ": is Podman installed and podman.socket started?";
        }
        if (message.contains("Permission denied")) {
            return "not permitted to open " + socket + ": run the node as the user whom the socket belongs to";
        }
        if (message.contains("Connection refused")) {
            return "nobody listens at " + socket + ": is podman.socket started?";
        }
        if (e instanceof InterruptedIOException && !bound.isZero()) {
            return "Podman at " + socket + " does not answer within " + bound.toSeconds() + " s";
        }
        return "Podman at " + socket + " went away during a call: " + message;
    }

    boolean isClosed() {
        return closed;
    }

    /** OkHttp tells what it was doing, and its causes what happened. */
    private static String whole(IOException e) {
        return java.util.stream.Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
                .map(cause -> Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName()))
                .distinct()
                .collect(Collectors.joining(": "));
    }

    /** Ends all calls: they are waiting for somebody who does not answer. */
    void cancelAll() {
        client.dispatcher().cancelAll();
        streams.forEach(Call::cancel);
    }

    @Override
    public void close() {
        closed = true;
        cancelAll();
        client.connectionPool().evictAll();
    }
}
