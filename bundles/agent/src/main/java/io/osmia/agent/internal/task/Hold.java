package io.osmia.agent.internal.task;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.TaskController;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a runner holds of an executor. Changed by the runner's thread only; others may ask whose it is. */
final class Hold {

    private static final Logger LOG = LoggerFactory.getLogger(Hold.class);

    private final String taskId;
    private final Runnable released;
    private volatile @Nullable Installed installed;
    private volatile @Nullable TaskController controller;
    private @Nullable Lane lane;

    /** @param released told after something was let go of */
    Hold(String taskId, Runnable released) {
        this.taskId = taskId;
        this.released = released;
    }

    boolean uses(Installed other) {
        return installed == other;
    }

    Optional<Installed> installed() {
        return Optional.ofNullable(installed);
    }

    Optional<TaskController> controller() {
        return Optional.ofNullable(controller);
    }

    /** To be called before the executor is used. */
    void begin(Installed used) {
        installed = used;
        lane = new Lane("executor-" + taskId);
    }

    /** Where the executor is to be called; only between begin and release. */
    Lane lane() {
        return Objects.requireNonNull(lane, "nothing is held");
    }

    /** A call of the executor that is held. */
    <T> Call<T> call(String what, Wishes.Verb<T> verb, Runnable over) {
        return Objects.requireNonNull(installed, "nothing is held").call(what + " of task " + taskId, verb, over);
    }

    void take(TaskController made) {
        controller = made;
    }

    /**
     * Calls the executor for something that it must not take long for.
     *
     * @throws AbandonedException when it does
     */
    <T> @Nullable T promptly(String what, Wishes.Verb<T> verb)
            throws ExecutorException, AbandonedException, InterruptedException {
        Call<T> call = call(what, verb, () -> {});
        lane().run(call);
        if (!call.await(Installed.PROMPT.toNanos())) {
            call.cancel();
            throw new AbandonedException(call);
        }
        return Wishes.outcome(call);
    }

    /** Kills the workload from outside of the runner, which then sees it end. */
    void terminate() {
        TaskController held = controller;
        if (held == null) {
            return;
        }
        try {
            held.terminate();
        } catch (ExecutorException | RuntimeException | LinkageError e) {
            LOG.warn("task {}: cannot be killed: {}", taskId, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets go of everything; the workload is untouched. */
    void release() throws InterruptedException {
        TaskController former = controller;
        controller = null;
        try {
            if (former != null) {
                promptly("close", () -> {
                    former.close();
                    return true;
                });
            }
        } catch (ExecutorException e) {
            LOG.warn("task {}: the executor did not let go of it in order: {}", taskId, e.toString());
        } catch (AbandonedException e) {
            giveUp(e.call());
        } finally {
            end();
        }
    }

    /** Leaves the executor to the call that it does not return from. */
    void abandon(Call<?> call) {
        TaskController former = controller;
        controller = null;
        if (former != null) {
            // Should it return after all, it lets go of what it holds.
            lane().run(new Call<>("close of task " + taskId, () -> {
                former.close();
                return true;
            }, () -> {}));
        }
        giveUp(call);
        end();
    }

    private void giveUp(Call<?> call) {
        Objects.requireNonNull(installed, "nothing is held").giveUp(call);
    }

    private void end() {
        installed().ifPresent(Installed::tried);
        Lane used = lane;
        if (used != null) {
            used.close();
        }
        lane = null;
        installed = null;
        released.run();
    }
}
