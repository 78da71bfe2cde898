package io.osmia.tck;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Health;
import io.osmia.api.executor.HealthCheck;
import io.osmia.api.executor.Port;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController.Status;
import io.osmia.api.executor.TaskExit;
import io.osmia.api.executor.TaskOutput.OutputLine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A workload of a {@link FakeMachine}: does what the {@link Program} of its command says, as far as anybody can see. */
final class FakeWorkload {

    private final FakeMachine machine;
    private final ExecutorTask task;

    // All guarded by this.
    private final List<OutputLine> lines = new ArrayList<>();
    private List<Port> ports = List.of();
    private Health health = Health.NONE;
    private Instant startedAt = Instant.EPOCH;
    private long pid;
    private @Nullable TaskExit exit;
    private boolean stopped;
    private boolean gone;

    FakeWorkload(FakeMachine machine, ExecutorTask task) {
        this.machine = machine;
        this.task = task;
    }

    String id() {
        return task.id();
    }

    String nodeId() {
        return task.nodeId();
    }

    /** Something that a call may wait for and that ends the waiting when the executor leaves. */
    interface Check {
        void pass() throws ExecutorException;
    }

    void start() throws ExecutorException {
        // Nothing of the machine's within our own lock: the machine looks at workloads within its own.
        if (!machine.start(this, task.ports())) {
            return;
        }
        FakeProgram program = new FakeProgram(this, task);
        if (!program.goesOn()) {
            return;
        }
        Thread.ofVirtual().name("fake-" + id()).start(program);
    }

    synchronized boolean wasStarted() {
        return pid != 0;
    }

    /** Within the machine's lock, once. */
    synchronized void begin(long as, List<Port> published) throws ExecutorException {
        if (stopped) {
            throw ExecutorException.permanent("fake: task " + id() + " was stopped before it was started");
        }
        pid = as;
        startedAt = Instant.now();
        ports = published;
        health = checked() ? Health.STARTING : Health.NONE;
    }

    /** From now on no call starts it, whenever that began. Whether it runs. */
    synchronized boolean stop() {
        stopped = true;
        return runs();
    }

    /** It was removed from the machine: who waits for it waits no more. */
    synchronized void gone() {
        stopped = true;
        gone = true;
        notifyAll();
    }

    private boolean checked() {
        List<String> test = task.workload().healthCheck().test();
        return !test.isEmpty() && !test.equals(List.of("NONE"));
    }

    HealthCheck check() {
        return task.workload().healthCheck();
    }

    synchronized void write(boolean stderr, String text) {
        for (String line : text.split("\n", -1)) {
            lines.add(new OutputLine(
                    stderr, line.getBytes(StandardCharsets.UTF_8), Instant.now(), Integer.toString(lines.size() + 1)));
        }
        notifyAll();
    }

    synchronized void end(OptionalInt code, String message) {
        if (pid != 0 && exit == null) {
            exit = new TaskExit(code, message, Instant.now());
            ports = List.of();
        }
        notifyAll();
    }

    synchronized void healthIs(Health now) {
        if (health != Health.NONE) {
            health = now;
            if (now == Health.UNHEALTHY) {
                end(OptionalInt.empty(), TaskExit.UNHEALTHY);
            }
        }
        notifyAll();
    }

    /** What the signal does to the program. */
    void signal(int signal) {
        String program = FakeProgram.name(task);
        if (signal == FakeSignals.USR1 && program.equals("tck-answers-usr1")) {
            write(false, "got");
        } else if (signal != FakeSignals.TERM || !program.equals("tck-ignores-term")) {
            end(OptionalInt.of(128 + signal), "");
        }
    }

    synchronized void wake() {
        notifyAll();
    }

    synchronized boolean runs() {
        return pid != 0 && exit == null;
    }

    synchronized Status status() {
        return new Status(
                "fake-" + id(), pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid), startedAt, health, ports);
    }

    synchronized Recovery recovery() {
        if (exit != null) {
            return new Recovery.Exited(exit);
        }
        if (pid == 0) {
            return new Recovery.Prepared();
        }
        return health == Health.STARTING ? new Recovery.Starting() : new Recovery.Running();
    }

    /** Waits for the end; null when the time is over. */
    synchronized @Nullable TaskExit awaitEnd(Duration bound, Check check)
            throws ExecutorException, InterruptedException {
        long end = System.nanoTime() + bound.toNanos();
        boolean goesOn = true;
        while (exit == null && !gone && goesOn) {
            // Before it waits: who leaves wakes only those who wait already.
            check.pass();
            goesOn = pause(end);
        }
        check.pass();
        if (exit == null && gone) {
            throw ExecutorException.permanent("fake: task " + id() + " was removed");
        }
        return exit;
    }

    /** Waits until the health check has passed. */
    synchronized void awaitHealth(Check check) throws ExecutorException, InterruptedException {
        while (health == Health.STARTING && exit == null) {
            check.pass();
            wait();
        }
        boolean succeeded = exit != null && exit.code().equals(OptionalInt.of(0));
        if (!succeeded && (health == Health.STARTING || health == Health.UNHEALTHY)) {
            throw ExecutorException.permanent(
                    "fake: task " + id() + ": " + (health == Health.UNHEALTHY
                            ? TaskExit.UNHEALTHY
                            : "ended before it was healthy" + how()));
        }
    }

    private synchronized String how() {
        return exit == null || exit.code().isEmpty() ? "" : " with code " + exit.code().getAsInt();
    }

    /** Lines from an index on; when there are none, waits for more or the end. */
    synchronized List<OutputLine> linesFrom(int index, boolean follow, Check check)
            throws ExecutorException, InterruptedException {
        while (follow && lines.size() <= index && exit == null && !gone) {
            check.pass();
            wait();
        }
        check.pass();
        return List.copyOf(lines.subList(Math.min(index, lines.size()), lines.size()));
    }

    /** Lets time pass; false when the workload has ended meanwhile. */
    synchronized boolean runFor(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (exit == null && pause(end)) {
            // woken for somebody else
        }
        return exit == null;
    }

    /** Waits for a change; false when that time is over. */
    private synchronized boolean pause(long end) throws InterruptedException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
        return true;
    }
}
