package io.osmia.store.internal;

import io.osmia.store.Commit;
import io.osmia.store.Subscription;
import io.osmia.store.Table;
import io.osmia.store.View;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One subscriber's queue. The publisher never waits for it but for the moment a poll holds the lock. */
final class Feed implements Subscription {

    /** Commits of no concern that may wait. */
    private static final int GATHERED = 256;

    private final String name;
    private final View start;
    private final int capacity;
    private final Publisher publisher;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // all below: guarded by lock
    private final ArrayDeque<Commit> queue = new ArrayDeque<>();
    private @Nullable View resync;
    private Set<Table<?>> concerns = Set.copyOf(Table.ALL);
    private boolean woken;
    private boolean closed;

    Feed(String name, View start, int capacity, Publisher publisher) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        this.name = name;
        this.start = start;
        this.capacity = capacity;
        this.publisher = publisher;
    }

    @Override
    public View start() {
        return start;
    }

    void offer(Commit commit) {
        lock.lock();
        try {
            if (resync == null && queue.size() < capacity) {
                queue.add(commit);
            } else {
                replace(commit.after());
            }
            if (queue.size() >= Math.min(GATHERED, capacity) || resync != null || concerns(commit)) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean concerns(Commit commit) {
        return commit.changes().stream().anyMatch(change -> concerns.contains(change.table()));
    }

    @Override
    public void wakeFor(Set<Table<?>> tables) {
        lock.lock();
        try {
            concerns = Set.copyOf(tables);
        } finally {
            lock.unlock();
        }
    }

    void offerResync(View view) {
        lock.lock();
        try {
            replace(view);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void replace(View view) {
        queue.clear();
        resync = view;
    }

    @Override
    public @Nullable Delivery poll(Duration timeout) throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.convert(timeout);
        lock.lockInterruptibly();
        try {
            while (true) {
                Delivery next = next();
                if (next != null || woken || left <= 0) {
                    woken = false;
                    return next;
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Delivery next() {
        if (closed) {
            return new Closed();
        }
        if (resync != null) {
            View view = resync;
            resync = null;
            return new Resync(view);
        }
        Commit commit = queue.poll();
        return commit == null ? null : new Committed(commit);
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        publisher.remove(this);
        lock.lock();
        try {
            closed = true;
            queue.clear();
            resync = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
