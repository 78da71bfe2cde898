package io.osmia.store.loop;

import io.osmia.roles.Clock;
import io.osmia.store.Store;
import io.osmia.store.StoreException;
import io.osmia.store.Subscription;
import io.osmia.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one {@link Reactor} on one thread, fed by a subscription of the store. */
public final class StoreLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreLoop.class);
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration BREATH = Duration.ofSeconds(1);
    /** Without a failure for so long, what failed is over. */
    private static final Duration OVER_AFTER = Duration.ofSeconds(10);
    private static final int CAPACITY = 4096;

    private final String name;
    private final Store store;
    private final Clock clock;
    private final Reactor reactor;
    private final Subscription subscription;
    private final Thread thread;
    private final Object lock = new Object();
    // guarded by lock
    private final ArrayDeque<Runnable> posted = new ArrayDeque<>();
    private volatile boolean closed;

    /* Only on the thread. */
    private final Trouble trouble = new Trouble();
    private Instant failedAt = Instant.MIN;

    public StoreLoop(String name, Store store, Clock clock, Reactor reactor) {
        this.name = name;
        this.store = store;
        this.clock = clock;
        this.reactor = reactor;
        this.subscription = store.subscribe(name, CAPACITY);
        subscription.wakeFor(reactor.tables());
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
    }

    /** Starts the thread; call once, after everything the reactor needs is in place. */
    public StoreLoop start() {
        thread.start();
        return this;
    }

    /** Runs the message on the loop's thread, soon, before the next tick. */
    public void post(Runnable message) {
        synchronized (lock) {
            posted.add(message);
        }
        subscription.wake();
    }

    private void run() {
        @Nullable View from = subscription.start();
        while (!closed) {
            try {
                if (from != null) {
                    reactor.start(from, clock.now());
                    reactor.tick(clock.now());
                    from = null;
                }
                step();
                worked();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
                if (closed) {
                    return;
                }
                failed(e);
                LockSupport.parkNanos(BREATH.toNanos());
                // It may have lost its footing. Commits already queued are older; a reactor tolerates seeing them again.
                from = store.view();
            }
        }
    }

    /** The reactor begins anew from the committed state, after a breath; said once, then counted. */
    private void failed(Throwable e) {
        failedAt = clock.now();
        boolean expected = e instanceof StoreException refusal && refusal.reason().passes();
        if (!trouble.begins(expected ? String.valueOf(e.getMessage()) : e.toString())) {
            return;
        }
        if (expected) {
            LOG.warn("{}: waits, its changes are not taken: {}", name, e.getMessage());
        } else {
            LOG.error("{}: failed, begins anew from the committed state each second until it works", name, e);
        }
    }

    private void worked() {
        if (failedAt != Instant.MIN && Duration.between(failedAt, clock.now()).compareTo(OVER_AFTER) >= 0) {
            failedAt = Instant.MIN;
            LOG.info("{}: works again, it had failed {} times", name, trouble.ends());
        }
    }

    private void step() throws InterruptedException {
        boolean acted = runPosted();
        Subscription.Delivery delivery = subscription.poll(acted ? Duration.ZERO : untilDeadline());
        while (delivery != null) {
            switch (delivery) {
                case Subscription.Committed(var commit) -> reactor.commit(commit, clock.now());
                case Subscription.Resync(var view) -> reactor.start(view, clock.now());
                case Subscription.Closed() -> {
                    closed = true;
                    return;
                }
            }
            delivery = subscription.poll(Duration.ZERO);
        }
        runPosted();
        reactor.tick(clock.now());
    }

    private boolean runPosted() {
        boolean any = false;
        while (true) {
            Runnable message;
            synchronized (lock) {
                message = posted.poll();
            }
            if (message == null) {
                return any;
            }
            any = true;
            message.run();
        }
    }

    private Duration untilDeadline() {
        @Nullable Instant deadline = reactor.deadline();
        if (deadline == null) {
            return IDLE;
        }
        Duration left = Duration.between(clock.now(), deadline);
        return left.isNegative() ? Duration.ZERO : left.compareTo(IDLE) > 0 ? IDLE : left;
    }

    /** Ends the loop and waits for its thread, at most 5 s. */
    @Override
    public void close() {
        closed = true;
        subscription.close();
        thread.interrupt();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            if (!thread.join(Duration.ofSeconds(5))) {
                LOG.warn("{}: still busy after 5 s, left behind", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
