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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** An executor of kind process for a {@link FakeMachine}. Verbs can be scripted to fail. */
public final class FakeExecutor implements Executor, TaskOutput {

    private final FakeMachine machine;
    private final String version;
    private final Map<String, Queue<ExecutorException>> failures = new HashMap<>();
    volatile @Nullable Recovery recovery;
    volatile boolean detached;
    /** Whether it lists nothing but a failure. */
    volatile boolean listless;
    /** Where a controller is made that is stuck. */
    volatile @Nullable Thread makes;
    /** Version of its handles, the only one that it knows. */
    volatile int handles = 1;

    private final Map<String, Stuck> stuck = new ConcurrentHashMap<>();

    /** Calls that do not go on until they are freed; deaf ones ignore being interrupted, too. */
    private record Stuck(boolean deaf, CountDownLatch freed) {}

    public FakeExecutor(FakeMachine machine, String version) {
        this.machine = machine;
        this.version = version;
    }

    /** The next calls of the verb fail with these, in order. */
    public synchronized FakeExecutor fail(String verb, ExecutorException... with) {
        failures.computeIfAbsent(verb, any -> new ArrayDeque<>()).addAll(List.of(with));
        return this;
    }

    /** Calls of the verb do not go on until it is freed or, if they are not deaf, interrupted. */
    FakeExecutor stick(String verb, boolean deaf) {
        stuck.put(verb, new Stuck(deaf, new CountDownLatch(1)));
        return this;
    }

    void free(String verb) {
        stuck.remove(verb).freed().countDown();
    }

    private void pass(String verb) throws InterruptedException {
        Stuck here = stuck.get(verb);
        while (here != null && here.freed().getCount() > 0) {
            try {
                here.freed().await();
            } catch (InterruptedException e) {
                if (!here.deaf()) {
                    throw e;
                }
            }
        }
    }

    private void did(String verb, String id) throws ExecutorException, InterruptedException {
        machine.note(verb + " " + id);
        pass(verb);
        if (detached) {
            throw ExecutorException.temporary("detached");
        }
        failAsTold(verb);
    }

    private void failAsTold(String verb) throws ExecutorException {
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
                Set.of(handles),
                Map.of("fake", version),
                "",
                List.of());
    }

    @Override
    public TaskHandle handle(ExecutorTask task, String specDigest) throws ExecutorException {
        machine.note("handle " + task.id());
        failAsTold("handle");
        return made(task.id(), specDigest);
    }

    private TaskHandle made(String taskId, String specDigest) {
        return new TaskHandle(taskId, specDigest, "process", handles, new byte[] {1});
    }

    @Override
    public TaskController controller(ExecutorTask task, TaskHandle handle) throws ExecutorException {
        if (handle.version() != handles) {
            throw ExecutorException.permanent("handles of version " + handle.version() + " are not known");
        }
        if (stuck.containsKey("controller")) {
            makes = Thread.currentThread();
            machine.note("controller " + task.id());
            try {
                pass("controller");
            } catch (InterruptedException e) {
                throw ExecutorException.temporary("interrupted");
            }
        }
        return new Controller(task.id(), handle.specDigest());
    }

    @Override
    public Recovery recover(TaskHandle handle) {
        machine.note("recover " + handle.taskId());
        try {
            pass("recover");
        } catch (InterruptedException e) {
            return new Recovery.Unknown("interrupted");
        }
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
    public List<TaskHandle> list(String nodeId) throws ExecutorException {
        if (listless) {
            throw new ExecutorException("the engine is away", true);
        }
        synchronized (machine) {
            return machine.processes.entrySet().stream()
                    .map(entry -> made(entry.getKey(), entry.getValue().digest))
                    .toList();
        }
    }

    @Override
    public void detach() {
        detached = true;
    }

    @Override
    public void read(TaskHandle handle, OutputRequest request, Sink sink)
            throws ExecutorException, InterruptedException {
        machine.note("read " + handle.taskId() + " " + request.follow() + " " + request.tail());
        failAsTold("read " + handle.taskId());
        byte[] line = ("out of " + handle.taskId()).getBytes(StandardCharsets.UTF_8);
        boolean more = given(new OutputLine(false, line, Instant.ofEpochSecond(5), "1"), request, sink)
                && given(new OutputLine(true, "err".getBytes(StandardCharsets.UTF_8), Instant.EPOCH, "2"), request,
                        sink);
        if (more && request.follow()) {
            machine.awaitExit(handle.taskId());
            given(new OutputLine(false, "last".getBytes(StandardCharsets.UTF_8), Instant.EPOCH, "3"), request, sink);
        }
    }

    private static boolean given(OutputLine line, OutputRequest request, Sink sink) {
        return line.position().compareTo(request.after()) <= 0 || sink.line(line);
    }

    private final class Controller implements TaskController {

        private final String id;
        private final String digest;

        Controller(String id, String digest) {
            this.id = id;
            this.digest = digest;
        }

        @Override
        public void prepare() throws ExecutorException, InterruptedException {
            did("prepare", id);
            machine.prepare(id, digest);
        }

        @Override
        public void start() throws ExecutorException, InterruptedException {
            did("start", id);
            machine.start(id);
        }

        @Override
        public TaskExit await() throws ExecutorException, InterruptedException {
            did("await", id);
            return machine.awaitExit(id);
        }

        @Override
        public void shutdown() throws ExecutorException, InterruptedException {
            did("shutdown", id);
            if (machine.pid(id) > 0) {
                machine.exit(id, 143);
            }
        }

        @Override
        public void terminate() throws ExecutorException, InterruptedException {
            did("terminate", id);
        }

        @Override
        public void update(ExecutorTask task) {
            machine.note("update " + id);
        }

        @Override
        public void remove() throws ExecutorException, InterruptedException {
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
