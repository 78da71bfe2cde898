package io.osmia.executor.process.internal;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs tasks in namespaces of their own by conmon and runc. Which task is isolated stands on disk since it was prepared, so
 * that tasks keep their kind when the setting changes.
 *
 * @param files where everything of tasks is
 * @param signals which a task does not ignore
 * @param conmon keeps output and exit status
 * @param runc makes the namespaces
 * @param init reaps the children of a process that asks for it; empty when there is none
 * @param limitsSwap whether swap space can be limited
 * @param hidden folders of the machine that no task sees into
 */
record Isolation(
        TaskFiles files,
        DefaultSignals signals,
        Path conmon,
        Path runc,
        String init,
        boolean limitsSwap,
        List<String> hidden) {

    static final String SCRIPT = "isolate.sh";

    private static final List<String> PLACES = List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin",
            "/sbin", "/bin", "/usr/libexec/podman", "/usr/lib/podman");

    private static final int LONGEST_MESSAGE = 1000;

    /** Why this node cannot isolate tasks; empty when it can. */
    static String objection(boolean root, Cgroups cgroups) {
        if (!root) {
            return "the node does not run as root";
        }
        for (String program : List.of("runc", "conmon")) {
            if (find(program).isEmpty()) {
                return "there is no program " + program + " (Debian package " + program + ")";
            }
        }
        if (!cgroups.usable()) {
            return "control groups cannot be used";
        }
        try {
            if (!Files.readString(Path.of("/proc/filesystems")).contains("\toverlay\n")) {
                return "the kernel has no overlay file system; load its module 'overlay'";
            }
        } catch (IOException e) {
            return e.toString();
        }
        return "";
    }

    static Isolation of(TaskFiles files, DefaultSignals signals, List<String> hidden) {
        String init = find("tini").or(() -> find("tini-static")).map(Path::toString).orElse("");
        boolean limitsSwap = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"))
                || Files.exists(Path.of("/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes"));
        return new Isolation(
                files,
                signals,
                find("conmon").orElse(Path.of("conmon")),
                find("runc").orElse(Path.of("runc")),
                init,
                limitsSwap,
                hidden);
    }

    private static Optional<Path> find(String program) {
        return PLACES.stream().map(place -> Path.of(place, program)).filter(Files::isExecutable).findFirst();
    }

    private Path state(String taskId) {
        return files.root().resolve("runc").resolve(taskId);
    }

    /** Whether the task was prepared to run isolated. */
    boolean covers(String taskId) {
        return Files.exists(files.bundle(taskId));
    }

    /** Everything that starting needs. */
    void prepare(ExecutorTask task, ProcessSpec spec, HostUsers.Ids ids)
            throws ExecutorException, IOException {
        BundleMounts.prepare(task.workload().mounts());
        files.prepareBundle(task.id(), Bundle.json(task, spec, ids, hidden, init, limitsSwap));
    }

    /** Starts the task; returns when its command has begun. */
    void start(String taskId) throws ExecutorException, InterruptedException {
        List<String> words = new ArrayList<>(signals.words());
        words.addAll(List.of("setsid", "unshare", "--mount", "--propagation", "private", "sh"));
        words.addAll(List.of(files.root().resolve(SCRIPT).toString(), taskId, files.root().toString()));
        words.addAll(List.of(conmon.toString(), runc.toString()));
        run(taskId, words);
    }

    /** Whether everything is made, and only the command has not begun: somebody was killed just then. */
    boolean waits(String taskId) {
        return Files.exists(state(taskId).resolve("exec.fifo"));
    }

    /** Lets the command begin. Of several who do so one succeeds. */
    void begin(String taskId) throws ExecutorException, InterruptedException {
        try {
            run(taskId, runc("start", taskId));
        } catch (ExecutorException e) {
            if (waits(taskId)) {
                throw e;
            }
        }
    }

    /** Removes what runc made for the task. */
    void remove(String taskId) throws ExecutorException, InterruptedException {
        if (Files.exists(state(taskId))) {
            run(taskId, runc("delete", "--force", taskId));
        }
    }

    private List<String> runc(String... words) {
        List<String> all = new ArrayList<>(List.of(runc.toString(), "--root", files.root().resolve("runc").toString()));
        all.addAll(List.of(words));
        return all;
    }

    /** Words that run a further program beside the task. */
    List<String> exec(String taskId, List<String> env, String dir, String user, List<String> command) {
        List<String> words = runc("exec");
        for (String entry : env) {
            words.addAll(List.of("--env", entry));
        }
        if (!dir.isEmpty()) {
            words.addAll(List.of("--cwd", dir));
        }
        if (!user.isEmpty()) {
            words.addAll(List.of("--user", user));
        }
        words.add(taskId);
        words.addAll(command);
        return words;
    }

    /** Runs a program. Interrupted, it leaves it alone: it goes on, and its effect is found by whoever looks next. */
    private void run(String taskId, List<String> words) throws ExecutorException, InterruptedException {
        Path log = files.folder(taskId).resolve("supervisor.log");
        try {
            long before = Files.exists(log) ? Files.size(log) : 0;
            ProcessBuilder builder = new ProcessBuilder(words)
                    .directory(files.root().toFile())
                    .redirectInput(new java.io.File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().clear();
            builder.environment().put("PATH", ProcessSpec.PATH);
            int code = builder.start().waitFor();
            if (code != 0) {
                throw new ExecutorException("osmia/host: task " + taskId + ": " + said(log, before), false);
            }
        } catch (IOException e) {
            throw Failures.of("task " + taskId + ": cannot run " + words.getFirst(), e);
        }
    }

    private static String said(Path log, long from) throws IOException {
        byte[] all = Files.readAllBytes(log);
        int begin = (int) Math.max(from, all.length - LONGEST_MESSAGE);
        return new String(all, begin, all.length - begin, StandardCharsets.UTF_8).strip().replace('\n', ' ');
    }

    /** Ends a program that was started with {@link #exec}. */
    static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            boolean ignored = process.waitFor(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
