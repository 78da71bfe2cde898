package io.osmia.executor.docker.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.TaskExec;
import io.osmia.api.executor.TaskExec.ExecRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program beside the container's own. */
final class ExecSession implements TaskExec.Session {

    private static final Logger LOG = LoggerFactory.getLogger(ExecSession.class);

    private static final Duration POLL = Duration.ofMillis(20);

    private final Engine engine;
    private final String container;
    private final String exec;
    private final boolean tty;
    private final Response response;
    private final ExecInput input;
    private final ExecOutput out = new ExecOutput();
    private final ExecOutput err = new ExecOutput();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread reader;

    private ExecSession(
            Engine engine, String container, String exec, boolean tty, ExecInput input, Response response) {
        this.engine = engine;
        this.container = container;
        this.exec = exec;
        this.tty = tty;
        this.input = input;
        this.response = response;
        this.reader = Thread.ofVirtual().name("docker-exec").start(this::run);
    }

    static ExecSession start(Engine engine, Container container, ExecRequest request)
            throws EngineException, InterruptedException {
        ObjectNode body = Engine.JSON.createObjectNode()
                .put("AttachStdin", request.stdin())
                .put("AttachStdout", true)
                .put("AttachStderr", true)
                .put("Tty", request.tty())
                .put("WorkingDir", request.dir())
                .put("User", request.user());
        ContainerRequest.strings(body, "Cmd", request.command());
        ContainerRequest.strings(body, "Env", request.env());
        Duration bound = engine.settings().call();
        String exec = engine.post("/containers/" + container.id() + "/exec", body, bound, "make a program ready")
                .body()
                .path("Id")
                .asText();
        ObjectNode start = Engine.JSON.createObjectNode().put("Detach", false).put("Tty", request.tty());
        ExecInput input = new ExecInput();
        if (!request.stdin()) {
            input.end();
        }
        Response response = engine.hijack("/exec/" + exec + "/start", start, input, "start a program");
        ExecSession session = new ExecSession(engine, container.id(), exec, request.tty(), input, response);
        session.awaitStart();
        if (request.tty() && request.columns() > 0 && request.rows() > 0) {
            session.send(request.columns(), request.rows());
        }
        return session;
    }

    /** Whether it could be started the engine says after it has answered, and why not in the output. */
    private void awaitStart() throws EngineException, InterruptedException {
        long end = System.nanoTime() + engine.settings().work().toNanos();
        try {
            while (System.nanoTime() < end) {
                JsonNode state = state();
                if (state.path("Pid").asLong() > 0) {
                    return;
                }
                if (state.path("ExitCode").isNumber()
                        && !state.path("Running").asBoolean()
                        && over.await(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    byte[] why = out.readNBytes(out.available());
                    throw EngineException.refused(400, new String(why, StandardCharsets.UTF_8).strip());
                }
                Pause.sleep(POLL);
            }
            throw EngineException.timeout("the engine at " + engine.settings().host()
                    + " did not start a program within " + engine.settings().work().toSeconds() + " s");
        } catch (EngineException | InterruptedException e) {
            close();
            throw e;
        } catch (IOException e) {
            close();
            throw engine.unreachable(e);
        }
    }

    private JsonNode state() throws EngineException, InterruptedException {
        return engine.get("/exec/" + exec + "/json", "tell about a program");
    }

    private void run() {
        try {
            if (tty) {
                byte[] buffer = new byte[8192];
                InputStream body = response.getBody();
                for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                    out.write(Arrays.copyOf(buffer, count));
                }
            } else {
                Frames frames = new Frames(response.getBody());
                for (Optional<Frames.Frame> frame = frames.next(); frame.isPresent(); frame = frames.next()) {
                    (frame.get().stderr() ? err : out).write(frame.get().data());
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("output of a program in container {} ended: {}", container, e.toString());
        } catch (InterruptedException e) {
            LOG.debug("output of a program in container {} is not wanted any more", container);
        } finally {
            out.end();
            err.end();
            over.countDown();
            endInput();
        }
    }

    /** Nobody takes it any more; the transport waits for its end, and so may who writes it. */
    private void endInput() {
        try {
            input.abandon();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public OutputStream stdin() {
        return input.sink();
    }

    @Override
    public InputStream stdout() {
        return out;
    }

    @Override
    public InputStream stderr() {
        return err;
    }

    @Override
    public void resize(int columns, int rows) throws ExecutorException {
        if (!tty) {
            return;
        }
        try {
            send(columns, rows);
        } catch (EngineException e) {
            throw new ExecutorException("docker: cannot resize a terminal: " + e.getMessage(), true, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutorException("docker: interrupted", true, e);
        }
    }

    private void send(int columns, int rows) throws EngineException, InterruptedException {
        engine.post(
                "/exec/" + exec + "/resize?h=" + rows + "&w=" + columns,
                null,
                engine.settings().call(),
                "resize a terminal");
    }

    @Override
    public int await() throws ExecutorException, InterruptedException {
        over.await();
        try {
            while (true) {
                JsonNode state = state();
                if (!state.path("Running").asBoolean()) {
                    return state.path("ExitCode").asInt();
                }
                Pause.sleep(POLL);
            }
        } catch (EngineException e) {
            throw new ExecutorException(
                    "docker: cannot tell how a program ended: " + e.getMessage(), Faults.temporary(e), e);
        }
    }

    @Override
    public void close() {
        try {
            kill();
            input.abandon();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        response.close();
        reader.interrupt();
    }

    /**
     * The engine has no call for this. Where it runs on this machine the program can be ended as a process; elsewhere it sees
     * the end of its input.
     */
    private void kill() throws InterruptedException {
        if (!engine.settings().unix() || engine.closed()) {
            return;
        }
        try {
            JsonNode state = state();
            long pid = state.path("Pid").asLong();
            if (state.path("Running").asBoolean() && pid > 1 && inContainer(pid)) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        } catch (EngineException | IOException e) {
            LOG.debug("cannot end a program in container {}: {}", container, e.toString());
        }
    }

    /** The number may belong to another process when the engine sees other process ids than this node. */
    private boolean inContainer(long pid) throws IOException {
        Path cgroup = Path.of("/proc", Long.toString(pid), "cgroup");
        return Files.exists(cgroup) && Files.readString(cgroup).contains(container);
    }
}
