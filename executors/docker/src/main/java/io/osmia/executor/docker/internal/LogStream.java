package io.osmia.executor.docker.internal;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One answer with messages of a container. Read on a thread of its own, so that who waits for the next can be interrupted. */
final class LogStream implements AutoCloseable {

    private static final int AHEAD = 256;

    /** What the engine may need to send a message after its time. */
    private static final Duration LATE = Duration.ofSeconds(1);

    private final Engine engine;
    private final Response response;
    private final boolean follow;
    private final BlockingQueue<Item> items = new ArrayBlockingQueue<>(AHEAD);
    private final Thread reader;

    /** @param follow whether there may be a long time between two messages */
    LogStream(Engine engine, Response response, boolean follow) {
        this.engine = engine;
        this.response = response;
        this.follow = follow;
        this.reader = Thread.ofVirtual().name("docker-output").start(this::run);
    }

    /** A line, or a piece of a long one. */
    record Message(boolean stderr, Instant at, byte[] line) {}

    /** A message, or the end, or what went wrong. */
    private record Item(@Nullable Message message, @Nullable EngineException failure) {}

    private void run() {
        try {
            try {
                Frames frames = new Frames(response.getBody());
                for (Optional<Frames.Frame> frame = frames.next(); frame.isPresent(); frame = frames.next()) {
                    items.put(new Item(message(frame.get()), null));
                }
                items.put(new Item(null, null));
            } catch (IOException | RuntimeException e) {
                items.put(new Item(null, engine.unreachable(e)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Each message begins with its time. */
    static Message message(Frames.Frame frame) {
        byte[] data = frame.data();
        int space = 0;
        while (space < data.length && data[space] != ' ') {
            space++;
        }
        Instant at;
        try {
            at = Instant.parse(new String(data, 0, space, StandardCharsets.US_ASCII));
        } catch (DateTimeException e) {
            return new Message(frame.stderr(), Instant.EPOCH, data);
        }
        int end = data.length > space + 1 && data[data.length - 1] == '\n' ? data.length - 1 : data.length;
        return new Message(frame.stderr(), at, Arrays.copyOfRange(data, Math.min(space + 1, end), end));
    }

    /** The next one; empty at the end, and when none can come any more that is not later than the bound. */
    Optional<Message> next(Instant until) throws EngineException, InterruptedException {
        @Nullable Item item;
        if (!follow) {
            Duration bound = engine.settings().work(); // it may have to look through much that is not wanted
            item = items.poll(bound.toMillis(), TimeUnit.MILLISECONDS);
            if (item == null) {
                throw EngineException.timeout("the engine at " + engine.settings().host()
                        + " did not go on telling output within " + bound.toMillis() + " ms");
            }
        } else if (until.isBefore(Instant.MAX.minus(LATE))) {
            Duration left = Duration.between(Instant.now(), until.plus(LATE));
            item = items.poll(Math.max(left.toMillis(), LATE.toMillis()), TimeUnit.MILLISECONDS);
        } else {
            item = items.take();
        }
        if (item == null) {
            return Optional.empty();
        }
        if (item.failure() != null) {
            throw item.failure();
        }
        return Optional.ofNullable(item.message());
    }

    @Override
    public void close() {
        response.close();
        reader.interrupt();
    }
}
