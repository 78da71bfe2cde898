package io.osmia.executor.podman.internal;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.osmia.api.executor.ExecutorException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets images onto this machine. Tasks that want the same image at the same time pull it once; an attempt, good or bad,
 * counts for {@link #KNOWN_FOR}.
 */
final class Images {

    private static final Logger LOG = LoggerFactory.getLogger(Images.class);

    private static final Duration KNOWN_FOR = Duration.ofSeconds(30);
    private static final int MOST_REMEMBERED = 500;

    /** Without a word of Podman's for so long a pull is given up. */
    private static final Duration SILENCE = Duration.ofSeconds(300);

    private final PodmanApi api;
    private final Duration silence;
    private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();

    Images(PodmanApi api) {
        this(api, SILENCE);
    }

    Images(PodmanApi api, Duration silence) {
        this.api = api;
        this.silence = silence;
    }

    /** One image's pull: those who come while somebody pulls wait for him. */
    private static final class Attempt {
        private final ReentrantLock lock = new ReentrantLock();
        // guarded by lock
        private Instant until = Instant.MIN;
        private String failure = "";
    }

    /**
     * An image on this machine.
     *
     * @param name under which Podman has it
     * @param healthCheck what it says of its health check
     */
    record Local(String name, JsonObject healthCheck) {}

    /** Pulls the image, and gives what is here then; that it could not be pulled is no reason when it is here. */
    Local get(String reference, String registryAuth) throws ExecutorException, InterruptedException {
        ImageName image = ImageName.of(reference);
        if (image.hasDigest()) {
            Optional<Local> pinned = find(image);
            if (pinned.isPresent()) {
                return pinned.get();
            }
        }
        String failure = image.canBePulled() ? pullOnce(image, registryAuth) : "";
        // Silence says nothing of the image.
        return find(image).orElseThrow(() -> new ExecutorException("podman: image " + image.full()
                + " is not on this node"
                + (image.canBePulled() ? " and cannot be pulled: " + failure : ", and localhost is no registry"),
                failure.equals(silent())));
    }

    Optional<Local> find(ImageName image) throws ExecutorException, InterruptedException {
        for (String name : image.local()) {
            HttpUrl.Builder url = PodmanApi.at("images");
            for (String part : name.split("/")) {
                url.addPathSegment(part);
            }
            Answer answer = api.get(url.addPathSegment("json"), Containers.BOUND);
            if (answer.ok()) {
                return Optional.of(new Local(name, Json.object(answer.object(), "Healthcheck")));
            }
            if (!answer.notFound()) {
                throw ExecutorException.temporary("podman: cannot look at image " + name + ": " + answer.complaint());
            }
        }
        return Optional.empty();
    }

    /** Why it failed; empty when it did not. */
    private String pullOnce(ImageName image, String registryAuth) throws AwayException, InterruptedException {
        if (attempts.size() > MOST_REMEMBERED) {
            attempts.clear();
        }
        Attempt attempt = attempts.computeIfAbsent(image.full() + " " + registryAuth.hashCode(), k -> new Attempt());
        attempt.lock.lockInterruptibly();
        try {
            if (Instant.now().isAfter(attempt.until)) {
                attempt.failure = pull(image.full(), registryAuth);
                attempt.until = Instant.now().plus(KNOWN_FOR);
                if (!attempt.failure.isEmpty()) {
                    LOG.warn("image {} cannot be pulled: {}", image.full(), attempt.failure);
                }
            }
            return attempt.failure;
        } finally {
            attempt.lock.unlock();
        }
    }

    private String pull(String name, String registryAuth) throws AwayException, InterruptedException {
        HttpUrl.Builder url = PodmanApi.at("images", "pull").addQueryParameter("reference", name);
        Request.Builder request = PodmanApi.posting(url, null);
        if (!registryAuth.isEmpty()) {
            request.header("X-Registry-Auth", registryAuth);
        }
        try (PodmanApi.Stream stream = api.stream(request.build(), silence)) {
            Response response = stream.response();
            if (!response.isSuccessful()) {
                return Answer.of(response.code(), response.body().string()).complaint();
            }
            String failure = "";
            BufferedSource lines = response.body().source();
            for (String line = lines.readUtf8Line(); line != null; line = lines.readUtf8Line()) {
                failure = error(line).isEmpty() ? failure : error(line);
            }
            return failure;
        } catch (SocketTimeoutException e) {
            return silent();
        } catch (AwayException e) {
            if (e.getCause() instanceof SocketTimeoutException) { // already before the first word
                return silent();
            }
            throw e;
        } catch (IOException e) {
            throw api.failed(e, Duration.ZERO);
        }
    }

    private String silent() {
        return "no progress within " + silence.toSeconds() + " s";
    }

    private static String error(String line) {
        try {
            var report = JsonParser.parseString(line);
            return report.isJsonObject() ? Json.text(report.getAsJsonObject(), "error") : "";
        } catch (JsonParseException e) {
            return "";
        }
    }
}
