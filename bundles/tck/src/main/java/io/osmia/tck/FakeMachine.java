package io.osmia.tck;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.Port;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * A machine that runs nothing real: workloads outlive the {@link FakeExecutor}s that run them. It can be told to fail or to
 * hang, and it notes every verb that reached it. For unit tests and for {@link ExecutorTck}'s own; safe for several threads.
 */
public final class FakeMachine {

    private static final int FIRST_PORT = 30_000;

    // All guarded by this.
    private final Map<String, FakeWorkload> workloads = new TreeMap<>();
    private final Map<String, Queue<ExecutorException>> failures = new HashMap<>();
    private final Map<String, Integer> hanging = new HashMap<>();
    private final List<String> verbs = new ArrayList<>();
    private boolean away;
    private long lastPid = 1000;

    /** Whether the machine can be reached; its workloads run on in any case. */
    public synchronized void away(boolean now) {
        away = now;
        notifyAll();
    }

    /** The next calls of the verb fail with these, in order; {@code prepare}, {@code start} and so on. */
    public synchronized FakeMachine fail(String verb, ExecutorException... with) {
        failures.computeIfAbsent(verb, any -> new ArrayDeque<>()).addAll(List.of(with));
        return this;
    }

    /** Calls of the verb hang until they are interrupted or {@link #release released}. */
    public synchronized FakeMachine hang(String verb) {
        hanging.merge(verb, 1, Integer::sum);
        return this;
    }

    /** Calls of the verb go on. */
    public synchronized void release(String verb) {
        hanging.remove(verb);
        notifyAll();
    }

    /** A workload ends by itself. */
    public void exit(String taskId, int code) {
        workload(taskId).ifPresent(workload -> workload.end(OptionalInt.of(code), ""));
    }

    /** The verbs that reached the machine, as {@code verb taskId}, in order. */
    public synchronized List<String> verbs() {
        return List.copyOf(verbs);
    }

    /** Process id of a workload, other for each start; 0 when there is none. */
    public long pid(String taskId) {
        return workload(taskId).map(workload -> workload.status().pid().orElse(0)).orElse(0L);
    }

    /** Waits until the verb has reached the machine so many times; fails after 10 s. */
    public synchronized void awaitVerb(String verb, int times) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (verbs.stream().filter(verb::equals).count() < times) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError(verb + " did not happen " + times + " times, but " + verbs);
            }
            wait(left);
        }
    }

    /** Notes a verb, and lets it fail or hang as it was told. */
    synchronized void reached(FakeExecutor by, String verb, String taskId)
            throws ExecutorException, InterruptedException {
        verbs.add(verb + " " + taskId);
        notifyAll();
        while (hanging.containsKey(verb) && !by.isDetached()) {
            wait();
        }
        by.attached();
        if (Thread.interrupted()) {
            throw new InterruptedException(verb + " " + taskId);
        }
        Queue<ExecutorException> scripted = failures.get(verb);
        if (scripted != null && !scripted.isEmpty()) {
            throw scripted.remove();
        }
        present();
    }

    synchronized void present() throws ExecutorException {
        if (away) {
            throw ExecutorException.temporary("fake: the machine is away");
        }
    }

    synchronized boolean isAway() {
        return away;
    }

    synchronized Optional<FakeWorkload> workload(String taskId) {
        return Optional.ofNullable(workloads.get(taskId));
    }

    synchronized List<FakeWorkload> workloads() {
        return List.copyOf(workloads.values());
    }

    synchronized FakeWorkload add(FakeWorkload workload) {
        return workloads.computeIfAbsent(workload.id(), any -> workload);
    }

    void remove(String taskId) {
        FakeWorkload removed;
        synchronized (this) {
            removed = workloads.remove(taskId);
            notifyAll();
        }
        if (removed != null) {
            removed.gone();
        }
    }

    /**
     * Starts a workload with the ports that it wants, in one step: of two that want one port, one gets it.
     *
     * @return whether this was the one start of it
     */
    synchronized boolean start(FakeWorkload starting, List<Port> wanted) throws ExecutorException {
        if (starting.wasStarted()) {
            return false;
        }
        starting.begin(++lastPid, publish(starting, wanted));
        return true;
    }

    private List<Port> publish(FakeWorkload starting, List<Port> wanted) throws ExecutorException {
        Set<Integer> taken = new TreeSet<>();
        for (FakeWorkload workload : workloads.values()) {
            if (workload != starting) {
                workload.status().ports().forEach(port -> taken.add(port.published()));
            }
        }
        List<Port> ports = new ArrayList<>();
        for (Port port : wanted) {
            int published = port.published() == 0 ? FIRST_PORT + (int) ++lastPid % FIRST_PORT : port.published();
            if (!taken.add(published)) {
                throw ExecutorException.permanent("fake: port " + published + " is taken");
            }
            ports.add(port.publishedAt(published));
        }
        return ports;
    }

    /** Something has changed that calls may wait for. */
    void wake() {
        synchronized (this) {
            notifyAll();
        }
        workloads().forEach(FakeWorkload::wake);
    }
}
