package io.osmia.agent.internal.task;

import io.osmia.agent.internal.journal.JournalEntry;
import io.osmia.agent.internal.task.Wishes.Wish;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskHandle;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done for one task: one step at a time (rule 6.14). Belongs to the runner's thread, but for what it shows.
 *
 * <p>It holds a controller of an executor. It lets go of it when the executor leaves or the agent stops, and looks the
 * workload up by its handle when an executor of that kind is there again; in between the task keeps its last state. Nothing
 * here kills or restarts a workload because its executor or this agent went away.
 */
final class TaskLife {

    private static final Logger LOG = LoggerFactory.getLogger(TaskLife.class);

    private final String id;
    private final RunnerContext context;
    private final Wishes wishes;
    private final Hold hold;
    private final TaskRecord known;
    private final Attachment attachment;
    private final Removal removal;

    /**
     * @param entry what is known of the task
     * @param journalled whether the journal holds it already
     * @param changed told after each change of what others see
     */
    TaskLife(JournalEntry entry, boolean journalled, RunnerContext context, Wishes wishes, Runnable changed) {
        this.id = entry.task().getId();
        this.context = context;
        this.wishes = wishes;
        this.hold = new Hold(id, changed);
        this.known = new TaskRecord(entry, journalled, context, hold, changed);
        this.attachment = new Attachment(known, context, wishes, hold);
        this.removal = new Removal(known, context, wishes, hold, attachment);
    }

    Task task() {
        return known.task();
    }

    TaskStatus status() {
        return known.status();
    }

    Optional<TaskHandle> handle() {
        return known.handle();
    }

    /** Whether the task and its workload are gone. */
    boolean removed() {
        return known.removed();
    }

    boolean uses(Installed executor) {
        return hold.uses(executor);
    }

    /** Kills the workload; any thread. */
    void terminate() {
        hold.terminate();
    }

    /** Lets go of the workload, which runs on. */
    void release() throws InterruptedException {
        hold.release();
    }

    /** Does what is next; returns when there may be more to do. */
    void step(Wish wish) throws IOException, CancelledException, InterruptedException {
        if (hold.installed().filter(held -> !context.executors().present(held)).isPresent()) {
            hold.release();
        }
        try {
            next(wish);
        } catch (AbandonedException e) {
            hold.abandon(e.call());
        }
    }

    private void next(Wish wish) throws IOException, CancelledException, InterruptedException {
        if (wish.remove()) {
            removal.remove(wish);
            return;
        }
        if (known.adopt(wish.task())) {
            update();
        }
        TaskState desired = wish.stop() ? TaskState.SHUTDOWN : known.task().getDesiredState();
        boolean stopping = desired.getNumber() >= TaskState.SHUTDOWN_VALUE;
        if (known.ended()) {
            if (hold.installed().isPresent()) {
                // It is kept as history, which needs no thread.
                hold.release();
            }
            wishes.awaitChange(wish.version());
        } else if (stopping && known.handle().isEmpty() && !known.mayExist()) {
            known.after(Step.SHUTDOWN, new Outcome.Done());
        } else if (attachment.complete()) {
            advance(wish, desired, hold.controller().orElseThrow());
        } else {
            attachment.attach(wish, desired);
        }
    }

    private void update() throws AbandonedException, InterruptedException {
        Optional<TaskController> controller = hold.controller();
        if (controller.isEmpty()) {
            return;
        }
        Task task = known.task();
        try {
            ExecutorTask mapped = TaskMapping.task(task, TaskMapping.container(task), context.nodeId());
            hold.promptly("update", () -> {
                controller.get().update(mapped);
                return true;
            });
        } catch (ExecutorException e) {
            LOG.warn("task {}: the executor did not take over the changed task: {}", id, e.toString());
        }
    }

    private void advance(Wish wish, TaskState desired, TaskController controller)
            throws IOException, AbandonedException, InterruptedException {
        Step step = TaskMachine.next(known.status().getState(), desired);
        if (step == Step.REST || step == Step.AWAIT) {
            hold.installed().ifPresent(Installed::tried);
        }
        if (step == Step.REST) {
            wishes.awaitChange(wish.version());
            return;
        }
        Outcome outcome = step.verb()
                ? wishes.perform(wish.version(), step == Step.SHUTDOWN, step.name().toLowerCase(Locale.ROOT), hold,
                        () -> verb(step, controller))
                : new Outcome.Done();
        if (outcome instanceof Outcome.Done || outcome instanceof Outcome.Exited) {
            switch (step) {
                case PREPARE -> known.at(CrashPoint.WORKLOAD_PREPARED);
                case START -> known.at(CrashPoint.WORKLOAD_STARTED);
                case AWAIT -> known.at(CrashPoint.END_SEEN);
                default -> {
                    // Nothing has come of it yet.
                }
            }
        }
        known.after(step, outcome);
        switch (outcome) {
            case Outcome.Cancelled() -> pause(wish);
            case Outcome.Failed(String err, boolean temporary) -> {
                LOG.warn("task {}: {} failed: {}", id, step, err);
                if (temporary) {
                    pause(wish);
                }
            }
            default -> {
                // On to the next step.
            }
        }
    }

    private Outcome verb(Step step, TaskController controller) throws ExecutorException, InterruptedException {
        switch (step) {
            case PREPARE -> controller.prepare();
            case START -> {
                if (attachment.prepareAgain()) {
                    controller.prepare();
                    attachment.prepared();
                }
                controller.start();
            }
            case AWAIT -> {
                return new Outcome.Exited(controller.await());
            }
            case SHUTDOWN -> controller.shutdown();
            default -> throw new IllegalStateException(step + " is not a verb");
        }
        return new Outcome.Done();
    }

    /** Nothing goes on while the journal cannot be written. */
    void journalFailed(IOException cause) {
        known.journalFailed(cause);
    }

    /** Waits a moment, unless something else is wanted already. */
    void pause(Wish wish) throws InterruptedException {
        wishes.awaitChange(wish.version(), context.retry());
    }
}
