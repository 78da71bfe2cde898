package io.osmia.executor.docker.internal;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.TaskOutput.OutputLine;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import io.osmia.api.executor.TaskOutput.Sink;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Reads what containers have written (rule 6.15.11). */
final class ContainerLogs {

    /** How long is waited for an event before the engine is asked again. */
    private static final Duration LISTEN = Duration.ofSeconds(2);

    private static final Duration AGAIN = Duration.ofMillis(100);

    private final Host host;

    ContainerLogs(Host host) {
        this.host = host;
    }

    void read(String name, String taskId, OutputRequest request, Sink sink)
            throws ExecutorException, InterruptedException {
        Position position = Position.parse(request.after());
        try (Bells.Bell bell = host.bells().listen(name)) {
            Container container = look(name, taskId);
            if (container.tty()) {
                throw ExecutorException.permanent(
                        "docker: task " + taskId + ": logs not supported on services with TTY");
            }
            Sink given = sink;
            if (request.tail() >= 0 && request.after().isEmpty()) {
                Tail tail = new Tail(request.tail());
                pass(name, request, false, position, tail);
                if (!tail.give(sink)) {
                    return;
                }
            } else if (!request.follow()) {
                boolean ignored = pass(name, request, false, position, given);
            }
            if (request.follow()) {
                follow(name, taskId, request, position, sink, bell);
            }
        } catch (EngineException e) {
            throw Faults.of(taskId, "read the output of container " + name, e);
        }
    }

    /** Goes on until the container has ended and everything after that was read. */
    private void follow(
            String name, String taskId, OutputRequest request, Position position, Sink sink, Bells.Bell bell)
            throws ExecutorException, EngineException, InterruptedException {
        while (true) {
            Container container = look(name, taskId);
            if (container.created()) {
                bell.await(LISTEN);
                continue;
            }
            boolean running = container.running();
            boolean over = request.until().isBefore(Instant.now());
            // The engine may end a stream before its last lines when a container ends: those are read once more.
            if (!pass(name, request, running && !over, position, sink) || !running || over) {
                return;
            }
            bell.await(AGAIN);
        }
    }

    private Container look(String name, String taskId)
            throws ExecutorException, EngineException, InterruptedException {
        return host.containers()
                .inspect(name)
                .filter(container -> container.isOf(taskId))
                .orElseThrow(() -> ExecutorException.permanent(
                        "docker: task " + taskId + ": there is no container " + name));
    }

    /** Gives what comes after the position; false when the sink has had enough. */
    private boolean pass(String name, OutputRequest request, boolean follow, Position position, Sink sink)
            throws EngineException, InterruptedException {
        position.rewind();
        Instant since = position.since().isAfter(request.since()) ? position.since() : request.since();
        StringBuilder path = new StringBuilder("/containers/")
                .append(Query.encode(name))
                .append("/logs?stdout=1&stderr=1&timestamps=1&follow=")
                .append(follow ? 1 : 0);
        if (since.isAfter(Instant.EPOCH)) {
            path.append("&since=").append(seconds(since));
        }
        if (request.until().isBefore(Instant.MAX)) {
            path.append("&until=").append(seconds(request.until()));
        }
        Duration bound = host.engine().settings().call();
        Response response =
                host.engine().open(Request.Method.GET, path.toString(), Map.of(), bound, "tell the output of " + name);
        try (LogStream messages = new LogStream(host.engine(), response, follow)) {
            while (true) {
                Optional<LogStream.Message> next = messages.next(request.until());
                if (next.isEmpty()) {
                    return true;
                }
                if (!give(next.get(), request, position, sink)) {
                    return false;
                }
            }
        }
    }

    private static boolean give(LogStream.Message message, OutputRequest request, Position position, Sink sink) {
        if (!position.passes(message.stderr(), message.at())) {
            return true;
        }
        boolean wanted = (message.stderr() ? request.stderr() : request.stdout())
                && !message.at().isBefore(request.since())
                && !message.at().isAfter(request.until());
        return !wanted
                || sink.line(new OutputLine(message.stderr(), message.line(), message.at(), position.toString()));
    }

    private static String seconds(Instant instant) {
        return String.format("%d.%09d", instant.getEpochSecond(), instant.getNano());
    }
}
