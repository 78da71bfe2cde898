package io.osmia.raft.internal;

import io.osmia.roles.Registration;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners of leadership and membership, on one thread of its own: they may take their time. */
final class Notifier {

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("raft-leadership").daemon().factory());
    private final List<Consumer<OptionalLong>> leadership = new CopyOnWriteArrayList<>();
    private final List<Runnable> membership = new CopyOnWriteArrayList<>();
    private final List<Runnable> removal = new CopyOnWriteArrayList<>();

    /* Only on the thread. */
    private OptionalLong told = OptionalLong.empty();
    private boolean removed;

    /** The listener is told at once how things are, then of each change. */
    AutoCloseable onLeadership(Consumer<OptionalLong> listener) {
        run(() -> {
            leadership.add(listener);
            tell(() -> listener.accept(told));
        });
        return () -> leadership.remove(listener);
    }

    Registration onMembership(Runnable listener) {
        membership.add(listener);
        return () -> membership.remove(listener);
    }

    /** Told once, at once when it has already come to that. */
    Registration onRemoved(Runnable listener) {
        run(() -> {
            if (removed) {
                tell(listener);
            } else {
                removal.add(listener);
            }
        });
        return () -> removal.remove(listener);
    }

    void removed() {
        run(() -> {
            removed = true;
            removal.forEach(Notifier::tell);
            removal.clear();
        });
    }

    /** Empty comes between any two terms. */
    void leadership(OptionalLong term) {
        run(() -> {
            if (term.isPresent() && told.isPresent()) {
                tellAll(OptionalLong.empty());
            }
            if (!term.equals(told)) {
                tellAll(term);
            }
        });
    }

    private void tellAll(OptionalLong term) {
        told = term;
        leadership.forEach(l -> tell(() -> l.accept(term)));
    }

    void membership() {
        run(() -> membership.forEach(Notifier::tell));
    }

    private void run(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("raft: closed, nobody is told any more");
        }
    }

    /** A listener is foreign code: one that fails does not keep the others from being told. */
    private static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.error("raft: a leadership listener failed", e);
        }
    }

    /** Waits for what was already said. */
    void close(Duration atMost) {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("raft: a leadership listener is still busy after {} s, left behind", atMost.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
