package io.osmia.agent.internal.task;

import io.osmia.agent.internal.task.Wishes.Wish;
import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskHandle;
import io.osmia.wire.swarmkit.TaskState;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes hold of an executor for a task: gets a controller for what is new, or takes over what was there before. */
final class Attachment {

    private static final Logger LOG = LoggerFactory.getLogger(Attachment.class);

    /** How many times as long as between attempts an executor may take to appear before anybody is told. */
    private static final int PATIENCE = 10;

    /** How many times as long as between attempts it may take to ask again what became of a workload. */
    private static final int RARELY = 5;

    private final TaskRecord known;
    private final RunnerContext context;
    private final Wishes wishes;
    private final Hold hold;

    private boolean asking;
    private int asked;
    private boolean prepareAgain;

    /** @param known what is known of the task */
    Attachment(TaskRecord known, RunnerContext context, Wishes wishes, Hold hold) {
        this.known = known;
        this.context = context;
        this.wishes = wishes;
        this.hold = hold;
    }

    /** Whether there is a controller, of a workload of which it is known what became of it. */
    boolean complete() {
        return !asking && hold.controller().isPresent();
    }

    /** Whether what was prepared once is gone, so that it has to be prepared again. */
    boolean prepareAgain() {
        return prepareAgain;
    }

    void prepared() {
        prepareAgain = false;
    }

    /** Attaches, or waits until it may be tried again. */
    void attach(Wish wish, TaskState desired) throws IOException, CancelledException, InterruptedException {
        @Nullable TaskHandle handle = known.handle().orElse(null);
        Optional<Executors.Offer> offer = handle == null
                ? context.executors().forTask(known.task())
                : context.executors().forHandle(handle);
        if (offer.isEmpty()) {
            awaitExecutor(wish, handle == null
                    ? context.executors().lack(known.task())
                    : "no executor for it is installed on this node, waiting for one");
            return;
        }
        boolean fresh = handle == null && !known.mayExist();
        asking = asking && hold.controller().isPresent();
        if (!asking && !begin(offer.get())) {
            return;
        }
        boolean attached = false;
        boolean abandoned = false;
        try {
            offer.get().installed().enter();
            attached = (asking || resolve(wish, offer.get(), handle)) && (fresh ? accept() : resume(wish, desired));
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
        } else if (!attached && !known.ended()) {
            wishes.awaitChange(wish.version(), context.retry());
        }
    }

    /** Takes hold of the executor; false when it has just left. */
    boolean begin(Executors.Offer offer) throws InterruptedException {
        hold.begin(offer.installed());
        // Either this sees that it left, or the one who takes it away sees that it is held.
        boolean present = context.executors().present(offer.installed());
        if (!present) {
            hold.release();
        }
        return present;
    }

    /**
     * Waits for another executor. While a node starts, or one is being replaced, that is soon; after a while the task says
     * what it lacks.
     */
    void awaitExecutor(Wish wish, String text) throws InterruptedException {
        wishes.awaitChange(wish.version(), context.retry().multipliedBy(PATIENCE));
        if (wishes.now().version() == wish.version() && !context.executors().changing()) {
            known.complain(context.executors().trouble(known.handle().orElse(null)).orElse(text));
        }
    }

    private boolean resolve(Wish wish, Executors.Offer offer, @Nullable TaskHandle handle)
            throws IOException, CancelledException, InterruptedException {
        boolean check = known.status().getStateValue() < TaskState.STARTING_VALUE;
        try {
            Resolution resolution = wishes.call(
                    wish.version(), false, "handle", hold,
                    () -> Resolution.of(known.task(), context.nodeId(), offer, handle, check));
            hold.take(resolution.controller());
            if (handle == null) {
                known.made(resolution.handle());
            }
            return true;
        } catch (ExecutorException e) {
            if (e.temporary()) {
                known.trouble(Wishes.text(e));
            } else {
                LOG.warn("task {}: cannot be run: {}", known.id(), e.getMessage());
                known.to(TaskMachine.unresolved(known.status(), Wishes.text(e), known.now()));
            }
            return false;
        }
    }

    private boolean accept() throws IOException, InterruptedException {
        if (known.status().getStateValue() < TaskState.ACCEPTED_VALUE) {
            known.after(Step.ACCEPT, new Outcome.Done());
        }
        return true;
    }

    /** Asks what became of the workload; false when nobody can say now. Then the executor is held, to be asked again. */
    private boolean resume(Wish wish, TaskState desired) throws IOException, CancelledException, InterruptedException {
        TaskHandle handle = known.handle().orElseThrow();
        Executor executor = hold.installed().orElseThrow().executor();
        Recovery recovery;
        try {
            recovery = wishes.call(wish.version(), false, "recover", hold, () -> executor.recover(handle));
        } catch (ExecutorException e) {
            recovery = new Recovery.Unknown(Wishes.text(e));
        }
        if (recovery instanceof Recovery.Unknown(String why)) {
            known.trouble("the state of its workload is not known, asking again: " + why);
            asked = asking ? asked + 1 : 1;
            asking = true;
            return false;
        }
        asking = false;
        LOG.info("task {}: taken over in state {}, found {}", known.id(), known.status().getState(), recovery);
        prepareAgain = recovery instanceof Recovery.Gone;
        known.to(TaskMachine.recovered(known.status(), recovery, desired, known.now()));
        return true;
    }
}
