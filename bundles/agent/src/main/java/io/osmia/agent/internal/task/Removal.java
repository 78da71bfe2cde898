package io.osmia.agent.internal.task;

import io.osmia.agent.internal.task.Wishes.Wish;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskHandle;
import io.osmia.wire.swarmkit.Task;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes the workload of a task and every trace of it. */
final class Removal {

    private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

    private final TaskRecord known;
    private final RunnerContext context;
    private final Wishes wishes;
    private final Hold hold;
    private final Attachment attachment;

    /** @param known what is known of the task */
    Removal(TaskRecord known, RunnerContext context, Wishes wishes, Hold hold, Attachment attachment) {
        this.known = known;
        this.context = context;
        this.wishes = wishes;
        this.hold = hold;
        this.attachment = attachment;
    }

    /** Removes it, or waits until it may be tried again. */
    void remove(Wish wish) throws IOException, CancelledException, InterruptedException {
        known.unassigned();
        Optional<TaskHandle> handle = known.handle();
        if (handle.isEmpty() || removeWorkload(wish, handle.get())) {
            known.delete();
        }
    }

    private boolean removeWorkload(Wish wish, TaskHandle handle) throws CancelledException, InterruptedException {
        Optional<Executors.Offer> offer =
                context.executors().forHandle(handle).or(() -> context.executors().ofKind(handle.executorKind()));
        if (offer.isEmpty()) {
            attachment.awaitExecutor(
                    wish, "no executor is installed on this node to remove its workload, waiting for one");
            return false;
        }
        if (hold.installed().isEmpty() && !attachment.begin(offer.get())) {
            return false;
        }
        boolean abandoned = false;
        try {
            if (hold.controller().isEmpty()) {
                wishes.call(wish.version(), true, "handle", hold, () -> controller(offer.get(), handle))
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
            known.trouble("its workload cannot be removed, trying again: " + Wishes.text(e));
            wishes.awaitChange(wish.version(), context.retry());
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

    /** Of the workload; empty when there is none. One whose handle the executor does not know, it lists anew. */
    private Optional<TaskController> controller(Executors.Offer offer, TaskHandle handle)
            throws ExecutorException, InterruptedException {
        if (offer.description().handleVersions().contains(handle.version())) {
            return Optional.of(offer.executor().controller(task(), handle));
        }
        for (TaskHandle listed : offer.executor().list(context.nodeId())) {
            if (listed.taskId().equals(handle.taskId())) {
                return Optional.of(offer.executor().controller(task(), listed));
            }
        }
        LOG.warn("task {}: executor {} does not know its handle of version {} and lists no workload of it, nothing is"
                + " removed", handle.taskId(), offer.installed(), handle.version());
        return Optional.empty();
    }

    /** The task as it was started, as far as that is known. */
    private ExecutorTask task() throws ExecutorException {
        Task task = known.task();
        return task.hasSpec()
                ? TaskMapping.task(task, TaskMapping.container(task), context.nodeId())
                : TaskMapping.bare(known.id(), context.nodeId());
    }
}
