package io.osmia.agent.internal.task;

import io.osmia.agent.internal.journal.JournalEntry;
import io.osmia.agent.internal.task.Wishes.Wish;
import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskHandle;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done for one task: one step at a time (rule 6.14). Belongs to the runner's thread; what others may see of it is
 * volatile, and they are told of each change.
 *
 * <p>It holds a controller of an executor. It lets go of it when the executor leaves or the agent stops, and looks the
 * workload up by its handle when an executor of that kind is there again; in between the task keeps its last state. Nothing
 * here kills or restarts a workload because its executor or this agent went away.
 */
final class TaskLife {

    private static final Logger LOG = LoggerFactory.getLogger(TaskLife.class);

    /** How many times as long as between attempts an executor may take to appear before anybody is told. */
    private static final int PATIENCE = 10;

    /** How many times as long as between attempts it may take to ask again what became of a workload. */
    private static final int RARELY = 5;

    private final String id;
    private final RunnerContext context;
    private final Wishes wishes;
    private final Hold hold;
    private final Runnable changed;

    private volatile Task task;
    private volatile TaskStatus status;
    private volatile @Nullable TaskHandle handle;
    private volatile boolean removed;

    private boolean assigned;
    private boolean journalled;
    private boolean prepareAgain;
    private String lastTrouble = "";
    private boolean complained;
    private boolean unwritten;
    private boolean asking;
    private int asked;

    /**
     * @param entry what is known of the task
     * @param journalled whether the journal holds it already
     * @param changed told after each change of what others see
     */
    TaskLife(JournalEntry entry, boolean journalled, RunnerContext context, Wishes wishes, Runnable changed) {
        this.id = entry.task().getId();
        this.context = context;
        this.wishes = wishes;
        this.changed = changed;
        this.task = entry.task();
        this.assigned = entry.assigned();
        this.journalled = journalled;
        this.handle = entry.handle();
        TaskStatus stored = entry.status();
        this.status = stored == null ? entry.task().getStatus() : stored;
        this.hold = new Hold(id, changed);
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
            remove(wish);
            return;
        }
        adopt(wish.task());
        TaskState desired = wish.stop() ? TaskState.SHUTDOWN : task.getDesiredState();
        boolean stopping = desired.getNumber() >= TaskState.SHUTDOWN_VALUE;
        if (TaskMachine.ended(status.getState())) {
            wishes.awaitChange(wish.version());
        } else if (stopping && handle == null && !mayExist()) {
            record(TaskMachine.after(status, Step.SHUTDOWN, new Outcome.Done(), context.clock().now()));
        } else if (!asking && hold.controller().isPresent()) {
            advance(wish, desired, hold.controller().get());
        } else {
            attach(wish, desired);
        }
    }

    /** Whether an earlier run may have made something of the workload. */
    private boolean mayExist() {
        return status.getStateValue() >= TaskState.PREPARING_VALUE;
    }

    private void adopt(Task wanted) throws IOException, AbandonedException, InterruptedException {
        boolean changed = wanted != task;
        if (!changed && assigned && journalled) {
            return;
        }
        context.journal().task(wanted, true, handle, false);
        at(CrashPoint.TASK_JOURNALLED);
        task = wanted;
        assigned = true;
        journalled = true;
        if (unwritten) {
            settled();
        }
        if (changed) {
            update();
        }
    }

    private void update() throws AbandonedException, InterruptedException {
        Optional<TaskController> controller = hold.controller();
        if (controller.isEmpty()) {
            return;
        }
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
        Step step = TaskMachine.next(status.getState(), desired);
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
                case PREPARE -> at(CrashPoint.WORKLOAD_PREPARED);
                case START -> at(CrashPoint.WORKLOAD_STARTED);
                case AWAIT -> at(CrashPoint.END_SEEN);
                default -> {
                    // Nothing has come of it yet.
                }
            }
        }
        record(TaskMachine.after(status, step, outcome, context.clock().now()));
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
                if (prepareAgain) {
                    controller.prepare();
                    prepareAgain = false;
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

    /** Writes and reports the status. STARTING and what is final is on disk before anyone hears of it. */
    private void record(TaskStatus next) throws IOException, AbandonedException, InterruptedException {
        Optional<TaskController> controller = hold.controller();
        TaskStatus complete = controller.isPresent() ? withWorkload(next, controller.get()) : next;
        if (complete.equals(status)) {
            settled();
            return;
        }
        boolean durable = complete.getState() == TaskState.STARTING || TaskMachine.ended(complete.getState());
        context.journal().status(id, complete, durable);
        status = complete;
        forgetTroubles();
        changed.run();
        at(complete, CrashPoint.STARTING_JOURNALLED, CrashPoint.RUNNING_JOURNALLED, CrashPoint.END_JOURNALLED);
        context.reports().report(id, complete);
        at(complete, CrashPoint.STARTING_REPORTED, CrashPoint.RUNNING_REPORTED, CrashPoint.END_REPORTED);
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

    private void at(CrashPoint point) throws InterruptedException {
        context.crash().at(point, id);
    }

    private TaskStatus withWorkload(TaskStatus next, TaskController controller) throws InterruptedException {
        if (!TaskMachine.tellsOfWorkload(next)) {
            return next;
        }
        try {
            TaskController.Status workload = hold.promptly("status", controller::status);
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

    /** Finds an executor and gets a controller for what is new, or takes over what was there before. */
    private void attach(Wish wish, TaskState desired) throws IOException, CancelledException, InterruptedException {
        TaskHandle known = handle;
        Optional<Executors.Offer> offer =
                known == null ? context.executors().forTask(task) : context.executors().forHandle(known);
        if (offer.isEmpty()) {
            awaitExecutor(wish, known == null
                    ? context.executors().lack(task)
                    : "no executor for it is installed on this node, waiting for one");
            return;
        }
        boolean fresh = known == null && !mayExist();
        asking = asking && hold.controller().isPresent();
        if (!asking && !begin(offer.get())) {
            return;
        }
        boolean attached = false;
        boolean abandoned = false;
        try {
            attached = (asking || resolve(wish, offer.get(), known)) && (fresh ? accept() : resume(wish, desired));
        } catch (AbandonedException e) {
            abandoned = true;
            throw e;
        } finally {
            if (!attached && !abandoned && !asking) {
                hold.release();
            }
        }
        if (asking) {
            wishes.awaitChange(wish.version(), context.retry().multipliedBy(Math.min(asked, RARELY)));
        } else if (!attached && !TaskMachine.ended(status.getState())) {
            pause(wish);
        }
    }

    /** Takes hold of the executor; false when it has just left. */
    private boolean begin(Executors.Offer offer) throws InterruptedException {
        hold.begin(offer.installed());
        // Either this sees that it left, or the one who takes it away sees that it is held.
        boolean present = context.executors().present(offer.installed());
        if (!present) {
            hold.release();
        }
        return present;
    }

    private boolean resolve(Wish wish, Executors.Offer offer, @Nullable TaskHandle known)
            throws IOException, CancelledException, InterruptedException {
        boolean check = status.getStateValue() < TaskState.STARTING_VALUE;
        try {
            Resolution resolution = wishes.call(
                    wish.version(), false, "handle", hold,
                    () -> Resolution.of(task, context.nodeId(), offer, known, check));
            hold.take(resolution.controller());
            if (known == null) {
                at(CrashPoint.HANDLE_MADE);
                // On disk before STARTING is reported and before anything starts.
                context.journal().task(task, true, resolution.handle(), true);
                handle = resolution.handle();
                at(CrashPoint.HANDLE_JOURNALLED);
            }
            return true;
        } catch (ExecutorException e) {
            if (e.temporary()) {
                trouble(Wishes.text(e));
            } else {
                LOG.warn("task {}: cannot be run: {}", id, e.getMessage());
                record(TaskMachine.unresolved(status, Wishes.text(e), context.clock().now()));
            }
            return false;
        }
    }

    private boolean accept() throws IOException, AbandonedException, InterruptedException {
        if (status.getStateValue() < TaskState.ACCEPTED_VALUE) {
            record(TaskMachine.after(status, Step.ACCEPT, new Outcome.Done(), context.clock().now()));
        }
        return true;
    }

    /** Asks what became of the workload; false when nobody can say now. Then the executor is held, to be asked again. */
    private boolean resume(Wish wish, TaskState desired)
            throws IOException, CancelledException, InterruptedException {
        TaskHandle known = Objects.requireNonNull(handle, "resumed without a handle");
        Executor executor = hold.installed().orElseThrow().executor();
        Recovery recovery;
        try {
            recovery = wishes.call(wish.version(), false, "recover", hold, () -> executor.recover(known));
        } catch (ExecutorException e) {
            recovery = new Recovery.Unknown(Wishes.text(e));
        }
        if (recovery instanceof Recovery.Unknown(String why)) {
            trouble("the state of its workload is not known, asking again: " + why);
            asked = asking ? asked + 1 : 1;
            asking = true;
            return false;
        }
        asking = false;
        LOG.info("task {}: taken over in state {}, found {}", id, status.getState(), recovery);
        prepareAgain = recovery instanceof Recovery.Gone;
        record(TaskMachine.recovered(status, recovery, desired, context.clock().now()));
        return true;
    }

    private void remove(Wish wish) throws IOException, CancelledException, InterruptedException {
        TaskHandle known = handle;
        if (assigned) {
            context.journal().task(task, false, known, false);
            assigned = false;
            at(CrashPoint.REMOVAL_JOURNALLED);
        }
        if (known != null && !removeWorkload(wish, known)) {
            return;
        }
        at(CrashPoint.WORKLOAD_REMOVED);
        context.journal().delete(id);
        context.reports().forget(id);
        removed = true;
        changed.run();
    }

    private boolean removeWorkload(Wish wish, TaskHandle known) throws CancelledException, InterruptedException {
        Optional<Executors.Offer> offer =
                context.executors().forHandle(known).or(() -> context.executors().ofKind(known.executorKind()));
        if (offer.isEmpty()) {
            awaitExecutor(wish, "no executor is installed on this node to remove its workload, waiting for one");
            return false;
        }
        if (hold.installed().isEmpty() && !begin(offer.get())) {
            return false;
        }
        boolean abandoned = false;
        try {
            if (hold.controller().isEmpty()) {
                wishes.call(wish.version(), true, "handle", hold, () -> toRemove(offer.get(), known))
                        .ifPresent(hold::take);
            }
            Optional<TaskController> controller = hold.controller();
            if (controller.isPresent()) {
                wishes.call(wish.version(), true, "remove", hold, () -> {
                    controller.get().remove();
                    return true;
                });
            }
            return true;
        } catch (ExecutorException e) {
            trouble("its workload cannot be removed, trying again: " + Wishes.text(e));
            pause(wish);
            return false;
        } catch (AbandonedException e) {
            abandoned = true;
            throw e;
        } finally {
            if (!abandoned) {
                hold.release();
            }
        }
    }

    /** What removes the workload; empty when there is none. A handle that the executor does not know, it lists anew. */
    private Optional<TaskController> toRemove(Executors.Offer offer, TaskHandle known)
            throws ExecutorException, InterruptedException {
        if (offer.description().handleVersions().contains(known.version())) {
            return Optional.of(offer.executor().controller(removable(), known));
        }
        for (TaskHandle listed : offer.executor().list(context.nodeId())) {
            if (listed.taskId().equals(id)) {
                return Optional.of(offer.executor().controller(removable(), listed));
            }
        }
        LOG.warn(
                "task {}: executor {} does not know its handle of version {} and lists no workload of it, nothing is removed",
                id, offer.installed(), known.version());
        return Optional.empty();
    }

    /** The task as it was started, as far as that is known. */
    private ExecutorTask removable() throws ExecutorException {
        return task.hasSpec()
                ? TaskMapping.task(task, TaskMapping.container(task), context.nodeId())
                : TaskMapping.bare(id, context.nodeId());
    }

    /** Nothing goes on while the journal cannot be written. */
    void journalFailed(IOException cause) {
        unwritten = true;
        complain("the task journal cannot be written, trying again: " + cause);
    }

    /**
     * Waits for another executor. While a node starts, or one is being replaced, that is soon; after a while the task says
     * what it lacks.
     */
    private void awaitExecutor(Wish wish, String text) throws InterruptedException {
        wishes.awaitChange(wish.version(), context.retry().multipliedBy(PATIENCE));
        if (wishes.now().version() == wish.version() && !context.executors().changing()) {
            complain(context.executors().trouble(handle).orElse(text));
        }
    }

    /** Says in the task's status what it waits for, and leaves its state as it is. */
    private void complain(String text) {
        if (!text.equals(lastTrouble)) {
            context.reports().report(id, status.toBuilder().setErr(text).build());
            complained = true;
        }
        trouble(text);
    }

    /** What the status complained of is over: it says so no more. */
    private void settled() {
        boolean said = complained;
        forgetTroubles();
        if (said) {
            context.reports().report(id, status);
        }
    }

    private void forgetTroubles() {
        lastTrouble = "";
        complained = false;
        unwritten = false;
    }

    /** Waits a moment, unless something else is wanted already. */
    void pause(Wish wish) throws InterruptedException {
        wishes.awaitChange(wish.version(), context.retry());
    }

    /** Says each trouble once. */
    private void trouble(String text) {
        if (!text.equals(lastTrouble)) {
            lastTrouble = text;
            LOG.warn("task {}: {}", id, text);
        }
    }
}
