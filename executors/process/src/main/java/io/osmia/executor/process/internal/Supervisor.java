package io.osmia.executor.process.internal;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.Workload.Ulimit;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Starts supervisors: a fixed shell script that outlives this Java process and gets everything as arguments. */
final class Supervisor {

    private static final String SCRIPT = "supervise.sh";
    private static final Duration FORK_BOUND = Duration.ofSeconds(10);

    /** A program that hides its arguments for good must not be waited for. */
    private static final Duration BECOMING_BOUND = Duration.ofSeconds(1);

    private final TaskFiles files;
    private final Path script;
    private final Path isolate;
    private final DefaultSignals signals;

    Supervisor(TaskFiles files, DefaultSignals signals) {
        this.files = files;
        this.signals = signals;
        this.script = files.root().resolve(SCRIPT);
        this.isolate = files.root().resolve(Isolation.SCRIPT);
    }

    /**
     * Writes the scripts, unless they are there: a node that refuses to start has changed nothing. They are replaced by renaming: a
     * running shell keeps reading the one it began with.
     */
    void install() throws IOException {
        install(script, SCRIPT);
        install(isolate, Isolation.SCRIPT);
    }

    private void install(Path script, String name) throws IOException {
        byte[] wanted = shipped(name);
        if (Files.isRegularFile(script) && Arrays.equals(Files.readAllBytes(script), wanted)) {
            return;
        }
        // Two instances may be at it at the same time.
        Path temporary = Files.createTempFile(files.root(), ".", name);
        Files.write(temporary, wanted);
        Files.move(temporary, script, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] shipped(String name) throws IOException {
        try (InputStream in = Supervisor.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the bundle lacks " + name);
            }
            return in.readAllBytes();
        }
    }

    /**
     * Starts one. It is nobody's child afterwards, so no Java thread has to wait for it.
     *
     * @param become words that change the user, or none
     * @param procs control groups to enter
     */
    void start(String taskId, ProcessSpec spec, List<String> become, List<Path> procs)
            throws ExecutorException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("setsid", "--fork"));
        words.addAll(signals.words());
        words.addAll(List.of("sh", script.toString(), taskId, files.root().toString()));
        words.add(spec.dir().isEmpty() ? files.work(taskId).toString() : spec.dir());
        words.add(Integer.toString(procs.size()));
        procs.forEach(p -> words.add(p.toString()));
        words.addAll(limiting(spec.ulimits()));
        words.addAll(become);
        words.addAll(List.of("env", "-i", "--"));
        for (Map.Entry<String, String> entry : spec.env().entrySet()) {
            words.add(entry.getKey() + "=" + entry.getValue());
        }
        words.addAll(spec.argv());
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(files.root().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        files.folder(taskId).resolve("supervisor.log").toFile()));
        builder.environment().clear();
        builder.environment().put("PATH", ProcessSpec.PATH);
        try {
            if (!forked(builder.start())) {
                throw new ExecutorException("osmia/host: task " + taskId + ": the supervisor did not start", true);
            }
        } catch (IOException e) {
            throw new ExecutorException(
                    "osmia/host: task " + taskId + ": cannot start a supervisor: " + e.getMessage(), true, e);
        }
    }

    /** The words that set resource limits; before the user is changed, since only root may raise some. */
    private static List<String> limiting(List<Ulimit> ulimits) {
        if (ulimits.isEmpty()) {
            return List.of();
        }
        List<String> words = new ArrayList<>(List.of("prlimit"));
        for (Ulimit ulimit : ulimits) {
            words.add("--" + ulimit.name() + "=" + limit(ulimit.soft()) + ":" + limit(ulimit.hard()));
        }
        words.add("--");
        return words;
    }

    private static String limit(long value) {
        return value < 0 ? "unlimited" : Long.toString(value);
    }

    /** Whether it has forked. Interrupted or not, it is waited for: a shutdown that follows has to find the supervisor. */
    private static boolean forked(Process fork) {
        boolean interrupted = false;
        long end = System.nanoTime() + FORK_BOUND.toNanos();
        try {
            while (true) {
                try {
                    return fork.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS) && fork.exitValue() == 0;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether a supervisor of the task is alive, also one that has not yet written who it is. */
    boolean isAlive(String taskId) throws IOException {
        long end = System.nanoTime() + BECOMING_BOUND.toNanos();
        boolean becoming = true;
        while (becoming && System.nanoTime() < end) {
            becoming = false;
            for (ProcFs.Entry entry : ProcFs.table()) {
                Optional<String> words = ProcFs.words(entry.pid());
                if (words.isPresent() && supervises(words.get(), taskId)) {
                    return true;
                }
                becoming |= words.isEmpty();
            }
            if (becoming) {
                // On its way from setsid to the shell a supervisor becomes several programs, and is nobody's in between.
                pause();
            }
        }
        return false;
    }

    private static void pause() throws IOException {
        try {
            Pause.millis(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
    }

    private boolean supervises(String words, String taskId) {
        return words.contains("\0" + taskId + "\0")
                && (words.contains("\0" + script + "\0") || words.contains("\0" + isolate + "\0"));
    }
}
