package io.osmia.agent.internal.task;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskExit;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.executor.TaskOutput;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An executor of kind process for a {@link FakeMachine}. Verbs can be scripted to fail. */
public final class FakeExecutor implements Executor, TaskOutput {

    private final FakeMachine machine;
    private final String version;
    private final Map<String, Queue<ExecutorException>> failures = new HashMap<>();
    volatile @Nullable Recovery recovery;
    volatile boolean detached;

    public FakeExecutor(FakeMachine machine, String version) {
        this.machine = machine;
        this.version = version;
    }

    /** The next calls of the verb fail with these, in order. */
    synchronized FakeExecutor fail(String verb, ExecutorException... with) {
        failures.computeIfAbsent(verb, any -> new ArrayDeque<>()).addAll(List.of(with));
        return this;
    }

    private void did(String verb, String id) throws ExecutorException {
        machine.note(verb + " " + id);
        ExecutorException failure;
        synchronized (this) {
            Queue<ExecutorException> scripted = failures.get(verb);
            failure = scripted == null ? null : scripted.poll();
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public ExecutorDescription describe() {
        return new ExecutorDescription(
                "process",
                version,
                true,
                "",
                Set.of("docker.io/osmia/host"),
                Set.of("process"),
                Set.of("command", "args", "env", "labels"),
                Set.of(1),
                Map.of("fake", version));
    }

    @Override
    public TaskHandle handle(ExecutorTask task, String specDigest) throws ExecutorException {
        did("handle", task.id());
        return new TaskHandle(task.id(), specDigest, "process", 1, new byte[] {1});
    }

    @Override
    public TaskController controller(ExecutorTask task, TaskHandle handle) {
        return new Controller(task.id(), handle.specDigest());
    }

    @Override
    public Recovery recover(TaskHandle handle) {
        machine.note("recover " + handle.taskId());
        Recovery scripted = recovery;
        if (scripted != null) {
            return scripted;
        }
        synchronized (machine) {
            FakeMachine.Process process = machine.processes.get(handle.taskId());
            if (process == null) {
                return new Recovery.Gone();
            }
            return switch (process.phase) {
                case PREPARED -> new Recovery.Prepared();
                case RUNNING -> new Recovery.Running();
                case EXITED -> new Recovery.Exited(process.exit);
            };
        }
    }

    @Override
    public List<TaskHandle> list() {
        synchronized (machine) {
            return machine.processes.entrySet().stream()
                    .map(entry -> new TaskHandle(entry.getKey(), entry.getValue().digest, "process", 1, new byte[] {1}))
                    .toList();
        }
    }

    @Override
    public void detach() {
        detached = true;
    }

    @Override
    public void read(TaskHandle handle, boolean follow, int tail, Sink sink) throws InterruptedException {
        machine.note("read " + handle.taskId() + " " + follow + " " + tail);
        byte[] line = ("out of " + handle.taskId()).getBytes(StandardCharsets.UTF_8);
        boolean more = sink.line(false, line, Instant.ofEpochSecond(5))
                && sink.line(true, "err".getBytes(StandardCharsets.UTF_8), Instant.EPOCH);
        if (more && follow) {
            machine.awaitExit(handle.taskId());
        }
    }

    private final class Controller implements TaskController {

        private final String id;
        private final String digest;

        Controller(String id, String digest) {
            this.id = id;
            this.digest = digest;
        }

        @Override
        public void prepare() throws ExecutorException {
            did("prepare", id);
            machine.prepare(id, digest);
        }

        @Override
        public void start() throws ExecutorException {
            did("start", id);
            machine.start(id);
        }

        @Override
        public TaskExit await() throws ExecutorException, InterruptedException {
            did("await", id);
            return machine.awaitExit(id);
        }

        @Override
        public void shutdown() throws ExecutorException {
            did("shutdown", id);
            if (machine.pid(id) > 0) {
                machine.exit(id, 143);
            }
        }

        @Override
        public void terminate() throws ExecutorException {
            did("terminate", id);
        }

        @Override
        public void update(ExecutorTask task) throws ExecutorException {
            did("update", id);
        }

        @Override
        public void remove() throws ExecutorException {
            did("remove", id);
            machine.remove(id);
        }

        @Override
        public Status status() {
            long pid = machine.pid(id);
            return new Status("fake-" + id, pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid), Instant.EPOCH);
        }

        @Override
        public void close() {
            machine.note("close " + id);
        }
    }
}
