package io.osmia.agent.internal.task;

import io.osmia.agent.internal.journal.JournalEntry;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskHandle;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of one task: first on disk, then to the manager. Changed by the runner's thread only; what others may see of it
 * is volatile, and they are told of each change.
 */
final class TaskRecord {

    private static final Logger LOG = LoggerFactory.getLogger(TaskRecord.class);

    private final String id;
    private final RunnerContext context;
    private final Hold hold;
    private final Runnable changed;
    private final Troubles troubles;

    private volatile Task task;
    private volatile TaskStatus status;
    private volatile @Nullable TaskHandle handle;
    private volatile boolean removed;

    private boolean assigned;
    private boolean journalled;
    private boolean unwritten;

    /**
     * @param journalled whether the journal holds it already
     * @param hold what it holds of an executor, which says what runs
     * @param changed told after each change of what others see
     */
    TaskRecord(JournalEntry entry, boolean journalled, RunnerContext context, Hold hold, Runnable changed) {
        this.id = entry.task().getId();
        this.context = context;
        this.hold = hold;
        this.changed = changed;
        this.troubles = new Troubles(id, context.reports());
        this.task = entry.task();
        this.assigned = entry.assigned();
        this.journalled = journalled;
        this.handle = entry.handle();
        TaskStatus stored = entry.status();
        this.status = stored == null ? entry.task().getStatus() : stored;
    }

    String id() {
        return id;
    }

    Task task() {
        return task;
    }

    TaskStatus status() {
        return status;
    }

    Optional<TaskHandle> handle() {
        return Optional.ofNullable(handle);
    }

    /** Whether the task and its workload are gone. */
    boolean removed() {
        return removed;
    }

    boolean ended() {
        return TaskMachine.ended(status.getState());
    }

    /** Whether an earlier run may have made something of the workload. */
    boolean mayExist() {
        return status.getStateValue() >= TaskState.PREPARING_VALUE;
    }

    /** Takes over the task as the manager wants it; true when that is another one. */
    boolean adopt(Task wanted) throws IOException, InterruptedException {
        boolean other = wanted != task;
        if (!other && assigned && journalled) {
            return false;
        }
        context.journal().task(wanted, true, handle, false);
        at(CrashPoint.TASK_JOURNALLED);
        task = wanted;
        assigned = true;
        journalled = true;
        if (unwritten) {
            unwritten = false;
            troubles.settle(status);
        }
        return other;
    }

    /** The executor has made the handle: on disk before STARTING is reported and before anything starts. */
    void made(TaskHandle made) throws IOException, InterruptedException {
        at(CrashPoint.HANDLE_MADE);
        context.journal().task(task, true, made, true);
        handle = made;
        at(CrashPoint.HANDLE_JOURNALLED);
    }

    /** The task is being removed. */
    void unassigned() throws IOException, InterruptedException {
        if (assigned) {
            context.journal().task(task, false, handle, false);
            assigned = false;
            at(CrashPoint.REMOVAL_JOURNALLED);
        }
    }

    /** Nothing is left of the workload, and nothing is to be left of the task. */
    void delete() throws IOException, InterruptedException {
        at(CrashPoint.WORKLOAD_REMOVED);
        context.journal().delete(id);
        context.reports().forget(id);
        removed = true;
        changed.run();
    }

    /** Writes and reports the status. STARTING and what is final is on disk before anyone hears of it. */
    void to(TaskStatus next) throws IOException, InterruptedException {
        TaskStatus complete = withWorkload(next);
        if (complete.equals(status)) {
            troubles.settle(status);
            return;
        }
        boolean durable = complete.getState() == TaskState.STARTING || TaskMachine.ended(complete.getState());
        context.journal().status(id, complete, durable);
        status = complete;
        unwritten = false;
        troubles.forget();
        changed.run();
        at(complete, CrashPoint.STARTING_JOURNALLED, CrashPoint.RUNNING_JOURNALLED, CrashPoint.END_JOURNALLED);
        context.reports().report(id, complete);
        at(complete, CrashPoint.STARTING_REPORTED, CrashPoint.RUNNING_REPORTED, CrashPoint.END_REPORTED);
    }

    /** {@link #to} the status after a step. */
    void after(Step step, Outcome outcome) throws IOException, InterruptedException {
        to(TaskMachine.after(status, step, outcome, now()));
    }

    private TaskStatus withWorkload(TaskStatus next) throws InterruptedException {
        Optional<TaskController> controller = hold.controller();
        if (controller.isEmpty() || !TaskMachine.tellsOfWorkload(next)) {
            return next;
        }
        try {
            TaskController.Status workload = hold.promptly("status", controller.get()::status);
            return workload == null ? next : TaskMachine.with(next, workload);
        } catch (ExecutorException e) {
            LOG.warn("task {}: the executor cannot say what runs: {}", id, e.toString());
            return next;
        } catch (AbandonedException e) {
            // What was reached is recorded all the same.
            hold.abandon(e.call());
            return next;
        }
    }

    Instant now() {
        return context.clock().now();
    }

    /** Nothing goes on while the journal cannot be written. */
    void journalFailed(IOException cause) {
        unwritten = true;
        complain("the task journal cannot be written, trying again: " + cause);
    }

    /** Says in the log what keeps the task from going on. */
    void trouble(String text) {
        troubles.log(text);
    }

    /** Says in the task's status what it waits for. */
    void complain(String text) {
        troubles.complain(status, text);
    }

    private void at(TaskStatus reached, CrashPoint starting, CrashPoint running, CrashPoint ended)
            throws InterruptedException {
        if (reached.getState() == TaskState.STARTING) {
            at(starting);
        } else if (reached.getState() == TaskState.RUNNING) {
            at(running);
        } else if (TaskMachine.ended(reached.getState())) {
            at(ended);
        }
    }

    void at(CrashPoint point) throws InterruptedException {
        context.crash().at(point, id);
    }
}
