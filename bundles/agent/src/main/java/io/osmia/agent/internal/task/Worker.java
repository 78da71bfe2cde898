package io.osmia.agent.internal.task;

import io.osmia.agent.internal.journal.JournalEntry;
import io.osmia.agent.internal.journal.TaskJournal;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.TaskHandle;
import io.osmia.roles.Clock;
import io.osmia.wire.swarmkit.AssignmentChange;
import io.osmia.wire.swarmkit.AssignmentChange.AssignmentAction;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All tasks of this node (rule 6.12). Starts from the journal, follows the assignments, and touches nothing that the
 * manager has not spoken of before its first complete list has come.
 */
public final class Worker implements Executors.Listener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration RELEASE = Duration.ofSeconds(2);

    /** How long a list of workloads may take. */
    private static final Duration LIST = Duration.ofSeconds(10);

    private final TaskJournal journal;
    private final Executors executors;
    private final RunnerContext context;
    private final Parting parting;
    private final Map<String, TaskRunner> runners = new ConcurrentSkipListMap<>();
    private final Object assigning = new Object();
    // the following are guarded by assigning
    private final Set<TaskRunner> held = new HashSet<>();
    private boolean complete;
    private boolean frozen;

    /**
     * What an executor that leaves is waited for.
     *
     * @param ending how long what ends or removes a workload may go on; the next executor resumes it
     * @param returning how long it may take to return from calls that were interrupted
     */
    record Parting(Duration ending, Duration returning) {

        static final Parting DEFAULT = new Parting(Duration.ofMillis(400), Duration.ofMillis(400));
    }

    public Worker(
            String nodeId, TaskJournal journal, Executors executors, Reports reports, Clock clock, Duration retry) {
        this(nodeId, journal, executors, reports, clock, retry, CrashPoint.Watcher.NOBODY, Parting.DEFAULT);
    }

    /** @param crash told where tasks are */
    Worker(
            String nodeId,
            TaskJournal journal,
            Executors executors,
            Reports reports,
            Clock clock,
            Duration retry,
            CrashPoint.Watcher crash,
            Parting parting) {
        this.journal = journal;
        this.executors = executors;
        this.parting = parting;
        this.context = new RunnerContext(nodeId, journal, executors, reports, clock, retry, crash, this::ended);
    }

    /** Takes up the tasks of the journal. */
    public void start() throws IOException {
        // First: a task that begins before an executor arrives waits to be told of it.
        executors.listen(this);
        synchronized (assigning) {
            for (JournalEntry entry : journal.load()) {
                TaskRunner runner = new TaskRunner(entry, true, context);
                runners.put(runner.id(), runner);
                if (entry.assigned()) {
                    runner.start();
                } else {
                    // It was being removed; that goes on when the manager has said what it wants.
                    held.add(runner);
                }
            }
        }
    }

    /** Status of every task, to be reported again after each registration (rule 6.11.11). */
    public Map<String, TaskStatus> statuses() {
        Map<String, TaskStatus> statuses = new TreeMap<>();
        runners.forEach((id, runner) -> statuses.put(id, runner.status()));
        return statuses;
    }

    /** A complete list: what it does not name is removed (rule 6.12.4). Removals in it mean nothing. */
    public void assign(Collection<AssignmentChange> changes) {
        synchronized (assigning) {
            if (frozen) {
                return;
            }
            Set<String> named = new HashSet<>();
            for (AssignmentChange change : changes) {
                if (change.getAction() == AssignmentAction.UPDATE && change.getAssignment().hasTask()) {
                    named.add(change.getAssignment().getTask().getId());
                    update(change.getAssignment().getTask());
                }
            }
            runners.forEach((id, runner) -> {
                if (!named.contains(id)) {
                    runner.remove();
                }
            });
            held.forEach(TaskRunner::start);
            held.clear();
            complete = true;
        }
        removeStrays();
    }

    /** A difference to what is known. */
    public void update(Collection<AssignmentChange> changes) {
        synchronized (assigning) {
            if (frozen) {
                return;
            }
            for (AssignmentChange change : changes) {
                if (!change.getAssignment().hasTask()) {
                    continue;
                }
                Task task = change.getAssignment().getTask();
                if (change.getAction() == AssignmentAction.UPDATE) {
                    update(task);
                } else if (runners.get(task.getId()) instanceof TaskRunner runner) {
                    runner.remove();
                }
            }
        }
    }

    private void update(Task task) {
        TaskRunner runner = runners.get(task.getId());
        if (runner != null) {
            runner.update(task);
        } else if (TaskJournal.holds(task.getId())) {
            TaskRunner added = new TaskRunner(new JournalEntry(task, true, null, null), false, context);
            runners.put(added.id(), added);
            added.start();
        } else {
            LOG.error("task id {} cannot be a file name, the task is left alone", task.getId());
        }
    }

    /** Removes workloads of this node that belong to no task. */
    private void removeStrays() {
        Thread.ofVirtual().name("agent-strays").start(() -> executors.offers().forEach(this::removeStrays));
    }

    private void removeStrays(Executors.Offer offer) {
        try {
            List<TaskHandle> listed = list(offer.installed(), LIST);
            for (TaskHandle handle : listed) {
                if (!TaskJournal.holds(handle.taskId())) {
                    LOG.error(
                            "executor {} lists a workload of task '{}', which cannot be the id of one; it is left alone",
                            offer.installed(), handle.taskId());
                    continue;
                }
                synchronized (assigning) {
                    if (complete && !frozen && !runners.containsKey(handle.taskId())) {
                        removeStray(handle);
                    }
                }
            }
        } catch (ExecutorException e) {
            LOG.warn("executor {} cannot list its workloads: {}", offer.installed(), Wishes.text(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The workloads of this node that the executor knows. */
    List<TaskHandle> list(Installed executor, Duration bound) throws ExecutorException, InterruptedException {
        List<TaskHandle> listed =
                executor.ask("list", bound, () -> executor.executor().list(context.nodeId()));
        if (listed == null) {
            throw new ExecutorException("it listed null", false);
        }
        return listed;
    }

    /** Tasks whose workload an executor of that kind has to find again. */
    List<Held> held(String kind) {
        List<Held> held = new ArrayList<>();
        for (TaskRunner runner : runners.values()) {
            runner.handle()
                    .filter(handle -> handle.executorKind().equals(kind))
                    .filter(handle -> !hasEnded(runner))
                    .ifPresent(handle -> held.add(new Held(handle, runs(runner) && !runner.ending())));
        }
        return held;
    }

    /**
     * A workload that is to be found again.
     *
     * @param runs whether it is starting or running, and is to
     */
    record Held(TaskHandle handle, boolean runs) {}

    private void removeStray(TaskHandle handle) {
        LOG.info("task {} is not known to the manager, its workload is removed", handle.taskId());
        Task bare = Task.newBuilder().setId(handle.taskId()).build();
        TaskRunner runner = new TaskRunner(new JournalEntry(bare, true, handle, null), false, context);
        runners.put(runner.id(), runner);
        runner.remove();
        runner.start();
    }

    @Override
    public void arrived(Installed executor) {
        runners.values().forEach(TaskRunner::executorArrived);
        boolean known;
        synchronized (assigning) {
            known = complete;
        }
        if (known) {
            removeStrays();
        }
    }

    @Override
    public void departed(Installed executor) {
        long begun = System.nanoTime();
        try {
            runners.values().forEach(runner -> runner.executorDeparts(executor));
            awaitRelease(executor, begun + parting.ending().toNanos());
            runners.values().forEach(runner -> runner.executorDepartsNow(executor));
            long deadline = begun + parting.ending().plus(parting.returning()).toNanos();
            if (!awaitRelease(executor, deadline)) {
                runners.values().forEach(runner -> runner.abandon(executor));
                awaitRelease(executor, deadline + parting.returning().toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until no task uses it; false when some do at that nano time. */
    private boolean awaitRelease(Installed executor, long deadline) throws InterruptedException {
        boolean released = true;
        for (TaskRunner runner : runners.values()) {
            released &= runner.awaitRelease(executor, deadline);
        }
        return released;
    }

    private void ended(TaskRunner runner) {
        if (runner.removed()) {
            runners.remove(runner.id(), runner);
        }
    }

    /** Where the output of a task is to be had. */
    public Optional<TaskHandle> handle(String taskId) {
        TaskRunner runner = runners.get(taskId);
        return runner == null ? Optional.empty() : runner.handle();
    }

    public boolean knows(String taskId) {
        return runners.containsKey(taskId);
    }

    /** Ids of the tasks of a service, in order. */
    public List<String> tasksOf(String serviceId) {
        return runners.values().stream()
                .filter(runner -> runner.task().getServiceId().equals(serviceId))
                .map(TaskRunner::id)
                .toList();
    }

    /** How many workloads are starting or running. */
    public int running() {
        return (int) runners.values().stream().filter(Worker::runs).count();
    }

    private static boolean runs(TaskRunner runner) {
        int state = runner.status().getStateValue();
        return state >= TaskState.STARTING_VALUE && state <= TaskState.RUNNING_VALUE;
    }

    /**
     * Takes no more assignments, and stops every workload; what an earlier run was removing is removed. What has not ended after
     * two thirds of the time is killed, whatever its own grace period; false when some still run in the end.
     */
    public boolean stopAll(Duration bound) {
        synchronized (assigning) {
            frozen = true;
            held.forEach(TaskRunner::remove);
            held.forEach(TaskRunner::start);
            held.clear();
        }
        runners.values().forEach(TaskRunner::stop);
        Duration last = bound.dividedBy(3);
        if (allEnded(bound.minus(last))) {
            return true;
        }
        runners.values().stream().filter(runner -> !hasEnded(runner)).forEach(TaskRunner::terminate);
        return allEnded(last);
    }

    /**
     * Takes no more assignments, and removes every task with every trace of it (rule 6.11.14). Workloads get half of the time to
     * stop by themselves; false when some task is left in the end, which then goes on being removed.
     */
    public boolean leave(Duration bound) {
        long deadline = System.nanoTime() + bound.toNanos();
        stopAll(bound.dividedBy(2));
        runners.values().forEach(TaskRunner::remove);
        return awaitRemovals(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }

    private static boolean hasEnded(TaskRunner runner) {
        return TaskMachine.ended(runner.status().getState()) || runner.removed();
    }

    private boolean allEnded(Duration bound) {
        return all(bound, (runner, deadline) -> runner.await(Worker::hasEnded, deadline));
    }

    /** Waits until the tasks that are being removed are gone; false when some are left after that time. */
    public boolean awaitRemovals(Duration bound) {
        return all(bound, (runner, deadline) -> !runner.removing() || runner.awaitEnd(deadline));
    }

    @FunctionalInterface
    private interface Settling {
        boolean await(TaskRunner runner, long deadline) throws InterruptedException;
    }

    private boolean all(Duration bound, Settling settling) {
        long deadline = System.nanoTime() + bound.toNanos();
        try {
            for (TaskRunner runner : runners.values()) {
                if (!settling.await(runner, deadline)) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Lets go of all workloads, which run on. */
    @Override
    public void close() {
        executors.forget(this);
        runners.values().forEach(TaskRunner::close);
        synchronized (assigning) {
            // They end at once; one that never ran would be waited for.
            held.forEach(TaskRunner::start);
            held.clear();
        }
        long deadline = System.nanoTime() + RELEASE.toNanos();
        try {
            for (TaskRunner runner : runners.values()) {
                if (!runner.awaitEnd(deadline)) {
                    LOG.warn("task {}: its runner is still busy, left behind", runner.id());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
