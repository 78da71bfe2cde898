package io.osmia.tck;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.Driver;
import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.executor.TaskOutput;
import io.osmia.api.executor.TaskOutput.OutputLine;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import io.osmia.api.executor.TaskResources;
import io.osmia.api.executor.Workload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.jspecify.annotations.Nullable;

/** What one test works with: the executor of the moment, and the tasks that have to be gone in the end. */
final class Bench {

    static final String NODE = "tcknode000000000000000001";
    static final String OTHER_NODE = "tcknode000000000000000002";

    /** What the contract calls 1 s, on a machine that is busy. */
    static final Duration AT_ONCE = Duration.ofSeconds(15);

    /** For what is killed in the end, or may be. */
    static final Duration GRACE = Duration.ofSeconds(1);

    /** For what has to end by itself when it is asked to, on a machine that is busy. */
    private static final Duration PATIENT = Duration.ofSeconds(30);

    /** What each workload of many may add to the time in which all are removed. */
    private static final Duration REMOVAL = Duration.ofMillis(200);

    private static final AtomicLong TASKS = new AtomicLong();
    private static final String DIGEST = "5f".repeat(32);

    private final ExecutorTck tck;
    private final ConcurrentLinkedQueue<ExecutorTask> tasks = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Executor> opened = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Executor executor;
    private volatile boolean away;
    private volatile boolean hangs;

    Bench(ExecutorTck tck) {
        this.tck = tck;
    }

    /** Skips the test visibly when the executor leaves that out. */
    Bench need(Feature feature) {
        @Nullable String reason = tck.leftOut().get(feature);
        if (reason != null) {
            Assertions.assertFalse(reason.isBlank(), feature + " is left out without a reason");
            Assumptions.abort(feature + " left out: " + reason);
        }
        return this;
    }

    synchronized Executor executor() throws Exception {
        Executor current = executor;
        if (current == null) {
            current = open(NODE);
            executor = current;
        }
        return current;
    }

    Executor open(String nodeId) throws Exception {
        Executor one = tck.open(nodeId);
        opened.add(one);
        return one;
    }

    /** The executor is replaced. */
    synchronized Executor swap() throws Exception {
        executor().detach();
        executor = null;
        return executor();
    }

    synchronized void detach() throws Exception {
        executor().detach();
        executor = null;
    }

    void takeBackendAway() throws Exception {
        away = true;
        tck.takeBackendAway();
    }

    void bringBackendBack() throws Exception {
        tck.bringBackendBack();
        away = false;
    }

    void hangBackend() throws Exception {
        hangs = true;
        tck.hangBackend();
    }

    void resumeBackend() throws Exception {
        tck.resumeBackend();
        hangs = false;
    }

    Duration patience() {
        return tck.patience();
    }

    ExecutorTask task(Program program) {
        return task(tck.workload(program.words()));
    }

    ExecutorTask task(List<String> command) {
        return task(tck.workload(command));
    }

    ExecutorTask task(Workload workload) {
        return task(workload, NODE);
    }

    ExecutorTask task(Workload workload, String nodeId) {
        String time =
                Long.toString(System.nanoTime() & Long.MAX_VALUE, 36) + Long.toString(TASKS.incrementAndGet(), 36);
        String id = "tck" + "0".repeat(22 - time.length()) + time;
        return new ExecutorTask(
                id,
                "tck.1." + id,
                "tckservice000000000000001",
                "tck",
                nodeId,
                1,
                Map.of("tck.task", "yes"),
                Map.of("tck.service", "yes"),
                workload.toBuilder().stopGracePeriod(GRACE).build(),
                TaskResources.NONE,
                List.of(),
                Driver.NONE);
    }

    /** The task with a grace that it does not need, so that it is not killed. */
    static ExecutorTask patient(ExecutorTask task) {
        return task.with(task.workload().toBuilder().stopGracePeriod(PATIENT).build());
    }

    TaskHandle handle(ExecutorTask task) throws Exception {
        return executor().handle(task, DIGEST);
    }

    TaskController controller(ExecutorTask task) throws Exception {
        return controller(executor(), task);
    }

    TaskController controller(Executor of, ExecutorTask task) throws Exception {
        TaskHandle handle = of.handle(task, DIGEST);
        if (!tasks.contains(task)) {
            tasks.add(task);
        }
        return of.controller(task, handle);
    }

    TaskController prepared(ExecutorTask task) throws Exception {
        TaskController controller = controller(task);
        controller.prepare();
        return controller;
    }

    TaskController started(ExecutorTask task) throws Exception {
        TaskController controller = prepared(task);
        controller.start();
        return controller;
    }

    /** Started, and has said ready. */
    TaskController ready(ExecutorTask task) throws Exception {
        TaskController controller = started(task);
        if (executor() instanceof TaskOutput && !tck.leftOut().containsKey(Feature.OUTPUT)) {
            Deadline.until(patience(), "task " + task.id() + " says ready", () -> text(task),
                    lines -> lines.contains("ready"));
        }
        return controller;
    }

    TaskOutput output() throws Exception {
        need(Feature.OUTPUT);
        assertThat(executor()).as("OUTPUT is not left out").isInstanceOf(TaskOutput.class);
        return (TaskOutput) executor();
    }

    /** The output there is, of both streams. */
    List<OutputLine> lines(ExecutorTask task, OutputRequest request) throws Exception {
        List<OutputLine> lines = new ArrayList<>();
        output().read(handle(task), request, lines::add);
        return lines;
    }

    /** The lines there are, of both streams. */
    List<String> text(ExecutorTask task) throws Exception {
        return lines(task, OutputRequest.ALL).stream().map(Bench::text).toList();
    }

    static String text(OutputLine line) {
        return new String(line.data(), StandardCharsets.UTF_8);
    }

    /** Tasks that this executor lists for the test's node. */
    List<String> listed() throws Exception {
        return executor().list(NODE).stream().map(TaskHandle::taskId).toList();
    }

    /** Removes everything and sees that nothing is left. */
    void close() throws Exception {
        if (hangs) {
            resumeBackend();
        }
        if (away) {
            bringBackendBack();
        }
        try {
            Executor last = open(NODE);
            Deadline.until(patience(), "the executor is available", () -> last.describe().available());
            Semaphore places = new Semaphore(16);
            List<Call<Boolean>> removals = new ArrayList<>();
            for (ExecutorTask task : tasks) {
                removals.add(Call.of(() -> {
                    places.acquire();
                    try {
                        remove(last, task);
                    } finally {
                        places.release();
                    }
                }));
            }
            Duration bound = patience().plus(REMOVAL.multipliedBy(tasks.size()));
            for (Call<Boolean> removal : removals) {
                removal.value(bound);
            }
            List<String> left = last.list(NODE).stream().map(TaskHandle::taskId).toList();
            assertThat(tasks).extracting(ExecutorTask::id).as("removed, and still listed").noneMatch(left::contains);
        } finally {
            opened.forEach(Executor::detach);
        }
    }

    private static void remove(Executor last, ExecutorTask task) throws Exception {
        TaskController controller = last.controller(task, last.handle(task, DIGEST));
        controller.terminate();
        controller.remove();
        controller.close();
    }
}
