package io.osmia.agent.internal.task;

import io.osmia.agent.internal.journal.JournalEntry;
import io.osmia.agent.internal.task.Wishes.Force;
import io.osmia.agent.internal.task.Wishes.Wish;
import io.osmia.api.executor.TaskHandle;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.TaskStatus;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drives one task on a virtual thread of its own, and passes on to it what others want. Any thread may call. */
final class TaskRunner {

    private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

    private final String id;
    private final RunnerContext context;
    private final Wishes wishes;
    private final TaskLife life;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Object shown = new Object();

    /**
     * @param entry what is known of the task
     * @param journalled whether the journal holds it already
     */
    TaskRunner(JournalEntry entry, boolean journalled, RunnerContext context) {
        this.id = entry.task().getId();
        this.context = context;
        this.wishes = new Wishes(entry.task());
        this.life = new TaskLife(entry, journalled, context, wishes, this::tell);
    }

    void start() {
        Thread.ofVirtual().name("task-" + id).start(this::run);
    }

    /** Takes over what the manager wants; ignored when it would move the desired state back (rule 6.14.6). */
    void update(Task wanted) {
        Task former = wishes.now().task();
        if (wanted.getDesiredStateValue() < former.getDesiredStateValue() || bare(wanted).equals(bare(former))) {
            return;
        }
        wishes.change(Force.PROGRESS, wish -> wish.with(wanted));
    }

    private static Task bare(Task task) {
        return task.toBuilder().clearStatus().clearMeta().build();
    }

    /** Stops the workload and removes every trace of it; the runner then ends. */
    void remove() {
        wishes.change(Force.PROGRESS, Wish::toRemove);
    }

    /** Stops the workload. */
    void stop() {
        wishes.change(Force.PROGRESS, Wish::toStop);
    }

    /** Kills the workload that does not stop, on a thread of its own. */
    void terminate() {
        Call<Boolean> kill = new Call<>("terminate of task " + id, () -> {
            life.terminate();
            return true;
        }, () -> {});
        Lane.start("kill-" + id, kill);
        if (kill.failure() instanceof NoThreadException e) {
            LOG.warn("task {}: cannot be killed: {}", id, e.getMessage());
        }
    }

    /** Lets go of the workload; the runner then ends. */
    void close() {
        wishes.change(Force.ALL, Wish::toClose);
    }

    /** An executor has come: it may be the one that this task waits for. */
    void executorArrived() {
        wishes.nudge(Force.NONE);
    }

    /** An executor leaves: if this task holds it, lets go of it, as soon as it is done with what ends the workload. */
    void executorDeparts(Installed departing) {
        nudge(departing, Force.PROGRESS);
    }

    /** It leaves now: this task does not finish what ends the workload. The next executor does. */
    void executorDepartsNow(Installed departing) {
        nudge(departing, Force.ALL);
    }

    private void nudge(Installed departing, Force force) {
        if (life.uses(departing)) {
            wishes.nudge(force);
        }
    }

    /** Leaves a call behind that does not return. */
    void abandon(Installed departed) {
        if (life.uses(departed)) {
            wishes.abandon();
        }
    }

    /** Waits until this task does not use the executor; false when it still does at that nano time. */
    boolean awaitRelease(Installed departed, long deadline) throws InterruptedException {
        return await(runner -> !runner.life.uses(departed), deadline);
    }

    /** Waits for a condition on what the runner shows; false when it does not hold at that nano time. */
    boolean await(Predicate<TaskRunner> condition, long deadline) throws InterruptedException {
        synchronized (shown) {
            while (!condition.test(this)) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                shown.wait(left);
            }
            return true;
        }
    }

    /** Waits for the end of the runner's thread; false when it is still there at that nano time. */
    boolean awaitEnd(long deadline) throws InterruptedException {
        return ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    String id() {
        return id;
    }

    Task task() {
        return life.task();
    }

    TaskStatus status() {
        return life.status();
    }

    Optional<TaskHandle> handle() {
        return life.handle();
    }

    /** Whether the task and its workload are gone. */
    boolean removed() {
        return life.removed();
    }

    /** Whether it is to be removed. */
    boolean removing() {
        return wishes.now().remove();
    }

    /** Whether its workload is to end. */
    boolean ending() {
        Wish wish = wishes.now();
        return wish.remove() || wish.stop() || wish.task().getDesiredStateValue() >= TaskState.SHUTDOWN_VALUE;
    }

    private void tell() {
        synchronized (shown) {
            shown.notifyAll();
        }
    }

    private void run() {
        try {
            while (!wishes.now().close() && !life.removed()) {
                turn(wishes.now());
            }
            life.release();
        } catch (InterruptedException e) {
            // Nobody interrupts this thread.
            LOG.warn("task {}: interrupted from outside", id);
        } finally {
            context.ended().accept(this);
            ended.countDown();
        }
    }

    private void turn(Wish wish) throws InterruptedException {
        try {
            life.step(wish);
        } catch (IOException e) {
            life.journalFailed(e);
            life.pause(wish);
        } catch (CancelledException e) {
            life.pause(wish);
        } catch (RuntimeException | Error e) {
            // A task without its runner could not even be stopped.
            LOG.error("task {}: the runner failed, trying again", id, e);
            life.pause(wish);
        }
    }
}
