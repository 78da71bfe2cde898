package io.osmia.executor.podman.internal;

import com.google.gson.JsonObject;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.TaskExec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import okio.Okio;
import okio.Pipe;
import okio.Socket;

/** A program that runs beside a container's own, over one connection for its input and both outputs. */
final class ExecSession implements TaskExec.Session {

    /** What waits for a reader; then the program waits. */
    private static final long WAITING_BYTES = 1 << 16;

    private static final Duration BEGIN = Duration.ofSeconds(10);
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private static final int STDERR = 2;

    private final Host host;
    private final String container;
    private final String id;
    private final boolean tty;
    private final PodmanApi.Stream stream;
    private final Socket socket;
    private final Pipe out = new Pipe(WAITING_BYTES);
    private final Pipe err = new Pipe(WAITING_BYTES);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final OutputStream stdin;
    private final InputStream stdout;
    private final InputStream stderr;

    private ExecSession(Host host, String container, String id, boolean tty, PodmanApi.Stream stream, Socket socket) {
        this.host = host;
        this.container = container;
        this.id = id;
        this.tty = tty;
        this.stream = stream;
        this.socket = socket;
        this.stdin = new Flushing(Okio.buffer(socket.getSink()).outputStream());
        this.stdout = Okio.buffer(out.source()).inputStream();
        this.stderr = Okio.buffer(err.source()).inputStream();
    }

    static ExecSession start(Host host, String container, TaskExec.ExecRequest wanted)
            throws ExecutorException, InterruptedException {
        JsonObject request = new JsonObject();
        request.add("Cmd", Json.array(wanted.command()));
        Json.addUnlessEmpty(request, "Env", wanted.env());
        Json.addUnlessEmpty(request, "WorkingDir", wanted.dir());
        Json.addUnlessEmpty(request, "User", wanted.user());
        request.addProperty("Tty", wanted.tty());
        request.addProperty("AttachStdin", wanted.stdin());
        request.addProperty("AttachStdout", true);
        request.addProperty("AttachStderr", true);
        Answer made = host.api().post(PodmanApi.at("containers", container, "exec"), request, Containers.BOUND);
        if (!made.ok()) {
            throw Refusals.never("container " + container + ": cannot run " + wanted.command() + ": "
                    + made.complaint());
        }
        String id = Json.text(made.object(), "Id");
        JsonObject how = new JsonObject();
        how.addProperty("Detach", false);
        how.addProperty("Tty", wanted.tty());
        if (wanted.columns() > 0 && wanted.rows() > 0) {
            how.addProperty("w", wanted.columns());
            how.addProperty("h", wanted.rows());
        }
        Request.Builder start = PodmanApi.posting(PodmanApi.at("exec", id, "start"), how)
                .header("Connection", "Upgrade")
                .header("Upgrade", "tcp");
        PodmanApi.Stream stream = host.api().stream(start.build());
        Response response = stream.response();
        Socket socket = response.socket();
        if (socket == null) {
            try (stream) {
                throw Refusals.never("container " + container + ": cannot run " + wanted.command() + ": "
                        + Answer.of(response.code(), response.body().string()).complaint());
            } catch (IOException e) {
                throw host.api().failed(e, Duration.ZERO);
            }
        }
        ExecSession session = new ExecSession(host, container, id, wanted.tty(), stream, socket);
        Thread.ofVirtual().name("podman-exec-" + container).start(session::pump);
        try {
            session.awaitBegin(wanted);
        } catch (ExecutorException | InterruptedException e) {
            session.close();
            throw e;
        }
        return session;
    }

    /** Takes the two outputs apart. */
    private void pump() {
        try (BufferedSource source = Okio.buffer(socket.getSource());
                okio.BufferedSink toOut = Okio.buffer(out.sink());
                okio.BufferedSink toErr = Okio.buffer(err.sink())) {
            if (tty) {
                while (!source.exhausted()) {
                    toOut.write(source.getBuffer(), source.getBuffer().size());
                    toOut.flush();
                }
            }
            while (!tty && source.request(8)) {
                okio.BufferedSink to = source.readByte() == STDERR ? toErr : toOut;
                source.skip(3);
                to.write(source, source.readInt() & 0xffff_ffffL);
                to.flush();
            }
        } catch (IOException e) {
            // the program, its reader or Podman is gone: whoever reads or waits sees an end
        } finally {
            ended.complete(null);
        }
    }

    /** Podman says that there is no such program on the connection, and by an exit code before anything ran. */
    private void awaitBegin(TaskExec.ExecRequest wanted) throws ExecutorException, InterruptedException {
        long end = System.nanoTime() + BEGIN.toNanos();
        while (System.nanoTime() < end) {
            JsonObject now = look();
            long code = Json.number(now, "ExitCode");
            if (!Json.flag(now, "Running") && (code == NOT_EXECUTABLE || code == NOT_FOUND)) {
                throw Refusals.never("container " + container + ": there is no program " + wanted.command().getFirst()
                        + " that can be run in it");
            }
            if (Json.flag(now, "Running") || code != 0 || waitEnded(Duration.ofMillis(20))) {
                return;
            }
        }
    }

    private boolean waitEnded(Duration bound) throws InterruptedException {
        try {
            ended.get(bound.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonObject look() throws ExecutorException, InterruptedException {
        Answer answer = host.api().get(PodmanApi.at("exec", id, "json"), Containers.BOUND);
        if (!answer.ok()) {
            throw Refusals.never("container " + container + ": the program is gone: " + answer.complaint());
        }
        return answer.object();
    }

    @Override
    public OutputStream stdin() {
        return stdin;
    }

    @Override
    public InputStream stdout() {
        return stdout;
    }

    @Override
    public InputStream stderr() {
        return stderr;
    }

    @Override
    public void resize(int columns, int rows) throws ExecutorException {
        if (!tty) {
            return;
        }
        try {
            Answer answer = host.api().post(
                    PodmanApi.at("exec", id, "resize")
                            .addQueryParameter("w", Integer.toString(columns))
                            .addQueryParameter("h", Integer.toString(rows)),
                    null, Containers.BOUND);
            if (!answer.ok()) {
                throw ExecutorException.temporary(
                        "podman: container " + container + ": cannot resize: " + answer.complaint());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int await() throws ExecutorException, InterruptedException {
        try {
            ended.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        while (true) {
            JsonObject now = look();
            if (!Json.flag(now, "Running")) {
                return (int) Json.number(now, "ExitCode") & 0xff;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Override
    public void close() {
        try {
            JsonObject now = look();
            // Podman cannot be asked to end it; its process is one of this machine.
            long pid = Json.number(now, "Pid");
            if (Json.flag(now, "Running") && pid > 1 && inContainer(pid, Json.text(now, "ContainerID"))) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        } catch (ExecutorException | IOException e) {
            // then nobody knows of it any more
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket.cancel();
        try {
            stdin.close(); // OkHttp wants both directions closed
        } catch (IOException e) {
            // it is cancelled
        }
        stream.close();
        out.cancel();
        err.cancel();
    }

    /** The number may have become another process's since Podman looked, or be one of another machine's. */
    static boolean inContainer(long pid, String containerId) throws IOException {
        Path cgroup = Path.of("/proc", Long.toString(pid), "cgroup");
        return !containerId.isEmpty() && Files.exists(cgroup) && Files.readString(cgroup).contains(containerId);
    }

    /** What is typed is wanted at once. */
    private static final class Flushing extends OutputStream {
        private final OutputStream to;

        Flushing(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            to.write(b);
            to.flush();
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            to.write(from, offset, length);
            to.flush();
        }

        @Override
        public void close() throws IOException {
            to.close();
        }
    }
}
