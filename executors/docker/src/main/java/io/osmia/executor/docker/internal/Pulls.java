package io.osmia.executor.docker.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls images. Tasks that want the same image with the same credentials at the same time share one pull, and what was just
 * pulled is not pulled again. A pull ends when nobody waits for it any more.
 */
final class Pulls {

    /** How long a pull stands for the next ones. */
    private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();

    private static final long FAILED_NANOS = Duration.ofSeconds(2).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(Pulls.class);

    private final Engine engine;
    private final Map<Key, Pull> pulls = new ConcurrentHashMap<>();

    Pulls(Engine engine) {
        this.engine = engine;
    }

    private record Key(String image, String registryAuth) {
        @Override
        public String toString() {
            return image; // credentials are for the engine alone
        }
    }

    /**
     * Why an image could not be pulled.
     *
     * @param temporary whether that says nothing of the image: the engine or the connection to it went away meanwhile
     */
    record Failure(String why, boolean temporary) {}

    /**
     * Pulls an image.
     *
     * @return why it could not be pulled; empty when it was
     */
    Optional<Failure> pull(String image, String registryAuth) throws InterruptedException {
        pulls.values().removeIf(Pull::stale);
        Pull pull = pulls.compute(new Key(image, registryAuth), (key, running) -> {
            Pull shared = running == null || running.stale() ? new Pull(key) : running;
            shared.waiting++;
            return shared;
        });
        try {
            return pull.result();
        } finally {
            pulls.computeIfPresent(pull.key, (key, running) -> {
                if (running == pull && --pull.waiting == 0 && !pull.done.isDone()) {
                    pull.cancel();
                    return null;
                }
                return running;
            });
        }
    }

    private final class Pull {

        private final Key key;
        private final CompletableFuture<Optional<Failure>> done = new CompletableFuture<>();
        private final Thread thread;
        /** Guarded by the map's entry. */
        private int waiting;

        private volatile long progress = System.nanoTime();
        private volatile @Nullable Response response;

        Pull(Key key) {
            this.key = key;
            this.thread = Thread.ofVirtual().name("docker-pull").start(this::run);
        }

        boolean stale() {
            if (!done.isDone()) {
                return false;
            }
            @Nullable Failure failure = done.join().orElse(null);
            long stands = failure == null ? FRESH_NANOS : failure.temporary() ? 0 : FAILED_NANOS;
            return System.nanoTime() - progress > stands;
        }

        private void run() {
            Map<String, String> headers =
                    key.registryAuth().isEmpty() ? Map.of() : Map.of("X-Registry-Auth", key.registryAuth());
            String path = "/images/create?fromImage=" + Query.encode(key.image());
            try (Response open = engine.open(
                    Request.Method.POST, path, headers, engine.settings().pullSilence(), "pull " + key.image())) {
                response = open;
                Optional<String> failed = read(open);
                progress = System.nanoTime();
                if (failed.isPresent()) {
                    failed(failed.get(), failed.get().contains("context canceled"));
                } else {
                    done.complete(Optional.empty());
                }
            } catch (EngineException e) {
                boolean said = e.kind() == EngineException.Kind.REFUSED;
                failed(String.valueOf(e.getMessage()), !said || e.status() == 503);
            } catch (IOException | RuntimeException e) {
                failed(String.valueOf(engine.unreachable(e).getMessage()), true);
            } catch (InterruptedException e) {
                failed("cancelled", true);
            }
        }

        /** Nothing else tells of it when the image is here. */
        private void failed(String why, boolean temporary) {
            if (done.complete(Optional.of(new Failure(why, temporary))) && !engine.closed() && waited()) {
                LOG.warn("image {} cannot be pulled: {}", key, why);
            }
        }

        private boolean waited() {
            return pulls.get(key) == this;
        }

        /** Errors come in the stream, after the status. */
        private Optional<String> read(Response open) throws IOException {
            Optional<String> failed = Optional.empty();
            MappingIterator<JsonNode> lines =
                    Engine.JSON.readerFor(JsonNode.class).readValues(open.getBody());
            while (lines.hasNextValue()) {
                JsonNode line = lines.nextValue();
                progress = System.nanoTime();
                if (line.has("error")) {
                    failed = Optional.of(line.path("error").asText());
                }
            }
            return failed;
        }

        /** Looks every second whether there was progress. */
        Optional<Failure> result() throws InterruptedException {
            Duration silence = engine.settings().pullSilence();
            while (true) {
                try {
                    return done.get(1, TimeUnit.SECONDS);
                } catch (TimeoutException e) {
                    if (System.nanoTime() - progress > silence.toNanos()) {
                        failed("no progress within " + silence.toSeconds() + " s", true);
                        cancel();
                    }
                } catch (ExecutionException e) {
                    return Optional.of(new Failure(String.valueOf(e.getCause()), true));
                }
            }
        }

        private void cancel() {
            thread.interrupt();
            @Nullable Response open = response;
            if (open != null) {
                open.close();
            }
        }
    }
}
