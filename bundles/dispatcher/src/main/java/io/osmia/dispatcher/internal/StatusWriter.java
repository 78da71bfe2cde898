package io.osmia.dispatcher.internal;

import com.google.protobuf.Timestamp;
import io.osmia.store.Store;
import io.osmia.store.StoreException;
import io.osmia.store.Tx;
import io.osmia.store.loop.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes status in batches, one at a time: what comes while a batch is under way goes with the next (rule 6.1). Belongs to
 * the dispatcher's loop; only the write itself runs elsewhere.
 */
final class StatusWriter {

    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Store store;
    private final long term;
    private final String leaderId;
    private final Executor writing;
    private final Consumer<Runnable> loop;
    private final Pace pace;
    private final PendingWrites pending = new PendingWrites();
    private List<Runnable> written = new ArrayList<>();
    private boolean busy;
    private Instant retryAt = Instant.MIN;
    private final Trouble trouble = new Trouble();

    /**
     * @param writing runs a write, which blocks
     * @param loop runs what follows a write on the loop's thread
     */
    StatusWriter(Store store, long term, String leaderId, Executor writing, Consumer<Runnable> loop, Pace pace) {
        this.store = store;
        this.term = term;
        this.leaderId = leaderId;
        this.writing = writing;
        this.loop = loop;
        this.pace = pace;
    }

    PendingWrites pending() {
        return pending;
    }

    /** Runs the message on the loop's thread after everything that is pending now has been written. */
    void afterwards(Runnable message) {
        written.add(message);
    }

    void tick(Instant now) {
        if (!busy && !now.isBefore(retryAt) && pace.due(pending.size(), now)) {
            flush(now);
        }
    }

    @Nullable
    Instant deadline() {
        Instant due = busy ? null : pace.next(pending.size());
        return due == null || due.isAfter(retryAt) ? due : retryAt;
    }

    private void flush(Instant now) {
        PendingWrites batch = pending.take();
        List<Runnable> then = written;
        written = new ArrayList<>();
        busy = true;
        pace.went(batch.size(), now);
        Timestamp at = Timestamp.newBuilder()
                .setSeconds(now.getEpochSecond())
                .setNanos(now.getNano())
                .build();
        List<Consumer<Tx>> steps = batch.steps(leaderId, at);
        writing.execute(() -> write(batch, steps, then, now));
    }

    private void write(PendingWrites batch, List<Consumer<Tx>> steps, List<Runnable> then, Instant now) {
        try {
            List<@Nullable StoreException> refusals = store.batch(term, steps);
            loop.accept(() -> done(batch, refusals, then, now));
        } catch (RuntimeException e) {
            // A defect in one step must not end all reports: they are kept, and tried again.
            loop.accept(() -> failed(batch, e, then, now));
        }
    }

    private void done(
            PendingWrites batch, List<@Nullable StoreException> refusals, List<Runnable> then, Instant now) {
        busy = false;
        List<String> subjects = batch.subjects();
        for (int i = 0; i < refusals.size(); i++) {
            StoreException refusal = refusals.get(i);
            if (refusal != null && refusal.reason().passes()) {
                failed(batch, refusal, then, now);
                return;
            }
            if (refusal != null) {
                LOG.warn("status of {} was not stored: {}", subjects.get(i), refusal.getMessage());
            }
        }
        trouble.ends();
        then.forEach(Runnable::run);
    }

    private void failed(PendingWrites batch, RuntimeException cause, List<Runnable> then, Instant now) {
        busy = false;
        pending.putBack(batch);
        written.addAll(0, then);
        retryAt = now.plus(RETRY);
        boolean begins = trouble.begins(cause.toString());
        if (begins && !(cause instanceof StoreException)) {
            LOG.error("{} status reports cannot be written, tried again each second", batch.size(), cause);
        } else if (begins) {
            LOG.warn("{} status reports wait for the store, tried again until they are taken: {}", batch.size(),
                    cause.getMessage());
        }
    }
}
