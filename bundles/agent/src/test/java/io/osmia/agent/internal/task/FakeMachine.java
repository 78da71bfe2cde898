package io.osmia.agent.internal.task;

import io.osmia.api.executor.TaskExit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A machine with workloads, which outlive the executors that run them. Notes every verb that reached it; tests wait for what
 * they expect, with a bound.
 */
public final class FakeMachine {

    /** What a workload is doing. */
    enum Phase {
        PREPARED,
        RUNNING,
        EXITED
    }

    /** A workload. */
    static final class Process {
        Phase phase = Phase.PREPARED;
        long pid;
        TaskExit exit = new TaskExit(OptionalInt.empty(), "", Instant.EPOCH);
        String digest = "";
    }

    // guarded by this
    final Map<String, Process> processes = new TreeMap<>();
    final List<String> verbs = new ArrayList<>();
    private long lastPid = 100;

    synchronized void note(String verb) {
        verbs.add(verb);
        notifyAll();
    }

    /** The verbs so far, in order. */
    public synchronized List<String> verbs() {
        return List.copyOf(verbs);
    }

    synchronized void prepare(String id, String digest) {
        processes.computeIfAbsent(id, any -> new Process()).digest = digest;
        notifyAll();
    }

    synchronized void start(String id) {
        Process process = processes.get(id);
        if (process.phase == Phase.PREPARED) {
            process.phase = Phase.RUNNING;
            process.pid = ++lastPid;
        }
        notifyAll();
    }

    /** How many workloads were ever started. */
    synchronized long started() {
        return lastPid - 100;
    }

    /** The workload ends by itself. */
    public synchronized void exit(String id, int code) {
        Process process = processes.get(id);
        if (process.phase == Phase.RUNNING) {
            process.phase = Phase.EXITED;
            process.exit = new TaskExit(OptionalInt.of(code), "", Instant.EPOCH);
        }
        notifyAll();
    }

    synchronized void loseExit(String id, String message) {
        processes.get(id).phase = Phase.EXITED;
        processes.get(id).exit = new TaskExit(OptionalInt.empty(), message, Instant.EPOCH);
        notifyAll();
    }

    synchronized TaskExit awaitExit(String id) throws InterruptedException {
        while (processes.get(id).phase != Phase.EXITED) {
            wait();
        }
        return processes.get(id).exit;
    }

    synchronized void remove(String id) {
        processes.remove(id);
        notifyAll();
    }

    public synchronized long pid(String id) {
        Process process = processes.get(id);
        return process == null ? 0 : process.pid;
    }

    /** Waits until the machine is as expected; fails with what it is after 60 s. */
    public synchronized void await(String what, Predicate<FakeMachine> expected) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!expected.test(this)) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError(
                        what + " did not happen; verbs " + verbs + ", workloads " + processes.keySet());
            }
            wait(left);
        }
    }

    /** Waits until the verb has been called so many times. */
    public void awaitVerb(String verb, int times) throws InterruptedException {
        await(verb + " x" + times, machine -> machine.verbs.stream().filter(verb::equals).count() >= times);
    }
}
