package io.osmia.agent.internal.task;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.executor.TaskOutput;
import io.osmia.api.executor.TaskOutput.OutputLine;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the output of one task. When the executor that it is read from leaves, the next one goes on after the last line that
 * was taken.
 */
public final class OutputReading {

    /** How long a reading that has begun waits for the next executor. */
    private static final Duration AWAY = Duration.ofSeconds(15);

    private final Executors executors;
    private final TaskHandle handle;
    private final Predicate<OutputLine> taker;
    // the following are guarded by this
    private String after = "";
    private @Nullable Part part;

    /** What is read from one executor. */
    private static final class Part {
        private final Installed executor;
        private @Nullable Call<Boolean> call;
        private boolean left;
        private boolean givenUp;

        Part(Installed executor) {
            this.executor = executor;
        }
    }

    /** @param taker takes lines, may block, and is interrupted when it is to let go; false when it did not take the line */
    public OutputReading(Executors executors, TaskHandle handle, Predicate<OutputLine> taker) {
        this.executors = executors;
        this.handle = handle;
        this.taker = taker;
    }

    /** Reads until the end. */
    public void read(OutputRequest request) throws ExecutorException, InterruptedException {
        executors.reads(this);
        try {
            boolean more = true;
            for (boolean begun = false; more; begun = true) {
                Executors.Offer offer = executors.awaitOffer(handle, begun ? AWAY : Duration.ZERO)
                        .orElseThrow(() -> ExecutorException.temporary(
                                "executor " + handle.executorKind() + " is not installed at the moment"));
                more = readFrom(offer, request);
            }
        } finally {
            executors.readsNoMore(this);
        }
    }

    /** Reads what that executor has; true when it left before the end. */
    private boolean readFrom(Executors.Offer offer, OutputRequest request)
            throws ExecutorException, InterruptedException {
        if (!(offer.executor() instanceof TaskOutput output)) {
            throw ExecutorException.permanent("executor " + handle.executorKind() + " has no logs");
        }
        Part now = new Part(offer.installed());
        Call<Boolean> call = offer.installed().call("logs of task " + handle.taskId(), () -> {
            output.read(handle, request(request), line -> take(now, line));
            return true;
        }, this::wake);
        synchronized (this) {
            now.call = call;
            part = now;
        }
        if (!executors.present(offer.installed())) {
            synchronized (this) {
                part = null;
            }
            return true; // it has just left, and nobody may have told this one
        }
        Lane.start("executor-logs", call);
        boolean left = awaitEnd(now, call);
        if (!left) {
            Wishes.outcome(call);
        }
        return left;
    }

    private synchronized OutputRequest request(OutputRequest request) {
        return after.isEmpty() ? request : request.goingOnAfter(after);
    }

    /** Not from an executor that was given up: the next one gives the same line. */
    private boolean take(Part from, OutputLine line) {
        synchronized (this) {
            if (from.left) {
                return false;
            }
        }
        boolean taken = taker.test(line);
        synchronized (this) {
            if (taken && part == from) {
                after = line.position();
            }
        }
        return taken;
    }

    private synchronized void wake() {
        notifyAll();
    }

    private synchronized boolean awaitEnd(Part now, Call<Boolean> call) throws InterruptedException {
        try {
            while (!call.returned() && !now.givenUp) {
                wait();
            }
            return now.left;
        } catch (InterruptedException e) {
            now.left = true;
            call.cancel();
            throw e;
        } finally {
            part = null;
            notifyAll();
        }
    }

    /** That executor leaves: lets go of it. */
    synchronized void departs(Installed leaving) {
        Part now = part;
        if (now != null && now.executor == leaving && now.call != null) {
            now.left = true;
            now.call.cancel();
        }
    }

    /** Waits until it is not read from any more, and leaves the call behind at that nano time. */
    synchronized void awaitRelease(Installed leaving, long deadline) throws InterruptedException {
        while (part != null && part.executor == leaving) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                part.givenUp = true;
                if (part.call != null) {
                    leaving.giveUp(part.call);
                }
                notifyAll();
                return;
            }
            wait(left);
        }
    }
}
