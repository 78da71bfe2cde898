package io.osmia.tck;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.executor.TaskOutput;
import io.osmia.api.executor.TaskSignals;
import io.osmia.api.executor.TaskStatistics;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An executor for unit tests, of kind {@code fake}: it keeps the whole contract and runs nothing real. What it does can be
 * scripted on its {@link FakeMachine}, which outlives it.
 */
public final class FakeExecutor implements Executor, TaskOutput, TaskStatistics, TaskSignals {

    /** Image of its workloads. */
    public static final String IMAGE = "docker.io/osmia/fake";

    private static final int VERSION = 2;
    private static final int FORMER = 1;
    private static final byte[] DATA = {VERSION};
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.]{0,127}");

    private final FakeMachine machine;
    private final String version;
    private volatile boolean detached;

    /** An executor of that version. */
    public FakeExecutor(FakeMachine machine, String version) {
        this.machine = machine;
        this.version = version;
    }

    /** The handle that the former version made of the same task. */
    static TaskHandle former(TaskHandle handle) {
        return new TaskHandle(handle.taskId(), handle.specDigest(), handle.executorKind(), FORMER, new byte[0]);
    }

    boolean isDetached() {
        return detached;
    }

    void attached() throws ExecutorException {
        if (detached) {
            throw ExecutorException.temporary("fake: the executor is being replaced");
        }
    }

    FakeMachine machine() {
        return machine;
    }

    @Override
    public ExecutorDescription describe() {
        boolean away = machine.isAway();
        return new ExecutorDescription(
                "fake",
                version,
                !away,
                away ? "the machine is away" : "",
                Set.of(IMAGE),
                Set.of("fake"),
                Set.of("command", "args", "env", "labels", "mounts", "healthcheck", "stop_signal", "stop_grace_period",
                        "resources.memory_bytes", "ports"),
                Set.of(FORMER, VERSION),
                Map.of("fake", version),
                "",
                List.of());
    }

    @Override
    public TaskHandle handle(ExecutorTask task, String specDigest) throws ExecutorException {
        if (!ID.matcher(task.id()).matches()) {
            throw ExecutorException.permanent("fake: '" + task.id() + "' is no task id");
        }
        FakeSignals.number(task.workload().stopSignal());
        return handle(task.id(), specDigest);
    }

    private static TaskHandle handle(String taskId, String specDigest) {
        return new TaskHandle(taskId, specDigest, "fake", VERSION, DATA);
    }

    private static boolean good(TaskHandle handle) {
        return switch (handle.version()) {
            case VERSION -> handle.executorKind().equals("fake") && Arrays.equals(handle.data(), DATA);
            case FORMER -> handle.executorKind().equals("fake") && handle.data().length == 0;
            default -> false;
        };
    }

    @Override
    public TaskController controller(ExecutorTask task, TaskHandle handle) throws ExecutorException {
        if (!good(handle)) {
            throw ExecutorException.permanent("fake: task " + handle.taskId() + ": its handle cannot be read");
        }
        return new FakeController(this, task);
    }

    @Override
    public Recovery recover(TaskHandle handle) {
        if (!good(handle)) {
            return new Recovery.Unknown("its handle cannot be read");
        }
        try {
            machine.reached(this, "recover", handle.taskId());
        } catch (ExecutorException e) {
            return new Recovery.Unknown(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Recovery.Unknown("interrupted");
        }
        return machine.workload(handle.taskId()).map(FakeWorkload::recovery).orElse(new Recovery.Gone());
    }

    @Override
    public List<TaskHandle> list(String nodeId) throws ExecutorException, InterruptedException {
        machine.reached(this, "list", nodeId);
        return machine.workloads().stream()
                .filter(workload -> workload.nodeId().equals(nodeId))
                .map(workload -> handle(workload.id(), ""))
                .toList();
    }

    @Override
    public void detach() {
        detached = true;
        machine.wake();
    }

    private FakeWorkload workload(TaskHandle handle) throws ExecutorException {
        attached();
        machine.present();
        return machine.workload(handle.taskId())
                .orElseThrow(() -> ExecutorException.permanent("fake: there is no task " + handle.taskId()));
    }

    private FakeWorkload running(TaskHandle handle) throws ExecutorException {
        FakeWorkload workload = workload(handle);
        if (!workload.runs()) {
            throw ExecutorException.permanent("fake: task " + handle.taskId() + " does not run");
        }
        return workload;
    }

    @Override
    public void read(TaskHandle handle, OutputRequest request, Sink sink)
            throws ExecutorException, InterruptedException {
        FakeWorkload workload = workload(handle);
        int next = request.after().isEmpty() ? 0 : Integer.parseInt(request.after());
        boolean tail = request.after().isEmpty() && request.tail() >= 0;
        Map<Boolean, Integer> before = tail ? beforeTheLast(workload, request) : Map.of();
        while (true) {
            List<OutputLine> lines = workload.linesFrom(next, request.follow(), this::attached);
            if (lines.isEmpty()) {
                return;
            }
            for (OutputLine line : lines) {
                if (wanted(line, request) && !skipped(line, before) && !sink.line(line)) {
                    return;
                }
                attached();
            }
            next += lines.size();
            if (!request.follow()) {
                return;
            }
        }
    }

    private static boolean wanted(OutputLine line, OutputRequest request) {
        return (line.stderr() ? request.stderr() : request.stdout())
                && !line.at().isBefore(request.since())
                && !line.at().isAfter(request.until());
    }

    /** How many lines of a stream come before its last ones; true is standard error. */
    private Map<Boolean, Integer> beforeTheLast(FakeWorkload workload, OutputRequest request)
            throws ExecutorException, InterruptedException {
        Map<Boolean, Integer> before = new HashMap<>(Map.of(false, -request.tail(), true, -request.tail()));
        for (OutputLine line : workload.linesFrom(0, false, this::attached)) {
            if (wanted(line, request)) {
                before.merge(line.stderr(), 1, Integer::sum);
            }
        }
        return before;
    }

    private static boolean skipped(OutputLine line, Map<Boolean, Integer> before) {
        return !before.isEmpty() && before.merge(line.stderr(), -1, Integer::sum) >= 0;
    }

    @Override
    public Usage usage(TaskHandle handle) throws ExecutorException {
        running(handle);
        return new Usage(
                Instant.now(),
                OptionalLong.of(1_000_000),
                OptionalLong.of(1 << 20),
                OptionalLong.empty(),
                OptionalLong.of(1),
                OptionalLong.of(0),
                OptionalLong.of(0));
    }

    @Override
    public void signal(TaskHandle handle, String signal) throws ExecutorException {
        int number = FakeSignals.number(signal);
        running(handle).signal(number);
    }
}
