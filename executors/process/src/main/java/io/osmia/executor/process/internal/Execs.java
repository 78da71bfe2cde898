package io.osmia.executor.process.internal;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.TaskExec.ExecRequest;
import io.osmia.api.executor.TaskExec.Session;
import io.osmia.executor.process.internal.TaskFiles.Run;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Further programs beside running tasks. They see what the task sees: an isolated one's namespaces, or a plain one's user,
 * environment, directory and control group. They are children of this Java process, and end with it and with the task.
 */
final class Execs implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Execs.class);

    /** Enters control groups and a directory, and becomes the program. */
    private static final String ENTER = """
            n=$1
            shift
            while [ "$n" -gt 0 ]; do
                echo 0 >"$1" || exit 126
                n=$((n - 1))
                shift
            done
            cd -- "$1" || exit 126
            shift
            exec "$@\"""";

    private final Host host;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Execs(Host host) {
        this.host = host;
    }

    Session exec(String taskId, Run run, ExecRequest request)
            throws ExecutorException, IOException, InterruptedException {
        if (request.command().isEmpty() || request.command().getFirst().isEmpty()) {
            throw ProcessSpec.refused("no command");
        }
        if (request.tty()) {
            throw ProcessSpec.refused("a program beside a process gets no terminal; run it without one");
        }
        for (String entry : request.env()) {
            if (entry.indexOf('=') <= 0) {
                throw ProcessSpec.refused("environment entry '" + entry + "' is not NAME=value");
            }
        }
        List<String> words = host.isolation().covers(taskId)
                ? isolated(taskId, request)
                : plain(taskId, run.process().pid(), request);
        Process process = start(new ProcessBuilder(words));
        if (!request.stdin()) {
            process.getOutputStream().close();
        }
        return new Program(process);
    }

    /** Whether a program without input, whose output nobody wants, ends with code 0 in time. */
    boolean succeeds(String taskId, Run run, List<String> command, Duration timeout)
            throws ExecutorException, IOException, InterruptedException {
        ExecRequest request = new ExecRequest(command, List.of(), "", "", false, false, 0, 0);
        List<String> words = host.isolation().covers(taskId)
                ? isolated(taskId, request)
                : plain(taskId, run.process().pid(), request);
        Process process = start(new ProcessBuilder(words)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD));
        try {
            return process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS) && process.exitValue() == 0;
        } finally {
            if (process.isAlive()) {
                Isolation.end(process);
            }
        }
    }

    private Process start(ProcessBuilder builder) throws IOException {
        builder.directory(host.files().root().toFile()).environment().clear();
        builder.environment().put("PATH", ProcessSpec.PATH);
        Process process = builder.start();
        running.add(process);
        process.onExit().thenRun(() -> running.remove(process));
        if (closed) {
            Isolation.end(process);
        }
        return process;
    }

    private List<String> isolated(String taskId, ExecRequest request) throws ExecutorException, InterruptedException {
        String user = "";
        if (!request.user().isEmpty()) {
            HostUsers.Ids ids = host.users().ids(request.user(), List.of());
            user = ids.uid() + ":" + ids.gid();
        }
        return host.isolation().exec(taskId, request.env(), request.dir(), user, request.command());
    }

    private List<String> plain(String taskId, long pid, ExecRequest request)
            throws ExecutorException, IOException, InterruptedException {
        if (request.command().getFirst().contains("=")) {
            throw ProcessSpec.refused("command '" + request.command().getFirst() + "' has a '=' in its name");
        }
        Path proc = Path.of("/proc", Long.toString(pid));
        Map<String, String> env = new LinkedHashMap<>();
        String stated = Files.readString(proc.resolve("environ"), StandardCharsets.UTF_8);
        for (String entry : stated.split("\0")) {
            put(env, entry);
        }
        request.env().forEach(entry -> put(env, entry));
        String dir = request.dir().isEmpty()
                ? Files.readSymbolicLink(proc.resolve("cwd")).toString()
                : request.dir();
        Commands.check(new ProcessSpec(request.command(), env, dir, "", Signals.TERM, List.of()));
        List<Path> procs = host.cgroups().procs(taskId);
        List<String> words = new ArrayList<>(List.of("sh", "-c", ENTER, "exec", Integer.toString(procs.size())));
        procs.forEach(file -> words.add(file.toString()));
        words.add(dir);
        words.addAll(request.user().isEmpty() ? asTheTask(proc) : host.users().become(request.user()));
        words.addAll(List.of("env", "-i", "--"));
        env.forEach((name, value) -> words.add(name + "=" + value));
        words.addAll(request.command());
        return words;
    }

    private static void put(Map<String, String> env, String entry) {
        int equals = entry.indexOf('=');
        if (equals > 0) {
            env.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
    }

    /** The words that become the user of the task's process, when it is not the node's own. */
    private List<String> asTheTask(Path proc) throws IOException {
        Map<String, String> status = new LinkedHashMap<>();
        for (String line : Files.readAllLines(proc.resolve("status"), StandardCharsets.ISO_8859_1)) {
            int colon = line.indexOf(':');
            status.put(line.substring(0, Math.max(0, colon)), line.substring(colon + 1).strip());
        }
        String uid = status.getOrDefault("Uid", "0").split("\\s+")[0];
        if (!host.users().root() || uid.equals("0")) {
            return List.of();
        }
        String gid = status.getOrDefault("Gid", "0").split("\\s+")[0];
        String groups = status.getOrDefault("Groups", "").strip().replace(' ', ',');
        return List.of("setpriv", "--reuid=" + uid, "--regid=" + gid,
                groups.isEmpty() ? "--clear-groups" : "--groups=" + groups, "--");
    }

    @Override
    public void close() {
        closed = true;
        running.forEach(Isolation::end);
    }

    /**
     * A program that was started.
     *
     * @param process of this Java process
     */
    private record Program(Process process) implements Session {

        @Override
        public OutputStream stdin() {
            return process.getOutputStream();
        }

        @Override
        public InputStream stdout() {
            return process.getInputStream();
        }

        @Override
        public InputStream stderr() {
            return process.getErrorStream();
        }

        @Override
        public void resize(int columns, int rows) {
            // It has no terminal.
        }

        @Override
        public int await() throws InterruptedException {
            return process.waitFor();
        }

        @Override
        public void close() {
            Isolation.end(process);
            for (Closeable stream : List.<Closeable>of(process.getInputStream(), process.getErrorStream())) {
                try {
                    stream.close();
                } catch (IOException e) {
                    LOG.debug("a program's output: {}", e.toString()); // its other end is gone
                }
            }
        }
    }
}
