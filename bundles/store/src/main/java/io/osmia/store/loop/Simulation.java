package io.osmia.store.loop;

import io.osmia.roles.Clock;
import io.osmia.roles.Ids;
import io.osmia.store.LocalStore;
import io.osmia.store.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Control loops on a virtual clock and a local store, all on the caller's thread and each time in the same order: what
 * tests, dry runs and replay are made of. Not thread-safe.
 */
public final class Simulation {

    /** Rounds of deliveries without rest, or stops at one instant, after which something is surely wrong. */
    private static final int PATIENCE = 10_000;

    private static final int CAPACITY = 1 << 20;

    private final LocalStore store;
    private final Ids ids = new CountingIds();
    private final List<Loop> loops = new ArrayList<>();
    private Instant now;

    public Simulation(Instant start) {
        this.now = start;
        this.store = new LocalStore(this::now);
    }

    public Instant now() {
        return now;
    }

    public Clock clock() {
        return this::now;
    }

    /** Takes any term. */
    public LocalStore store() {
        return store;
    }

    public Ids ids() {
        return ids;
    }

    /** Adds a loop and starts it from the committed state; it acts at the next {@link #settle} or {@link #advance}. */
    public void add(String name, Reactor reactor) {
        Subscription subscription = store.subscribe(name, CAPACITY);
        reactor.start(subscription.start(), now);
        loops.add(new Loop(name, reactor, subscription));
    }

    /**
     * Delivers commits and ticks the loops in the order in which they were added, until no loop writes anything more. The
     * time stands still.
     *
     * @throws IllegalStateException when it does not come to rest
     */
    public void settle() {
        long before;
        int rounds = 0;
        do {
            if (rounds++ > PATIENCE) {
                throw new IllegalStateException("does not settle at " + now + ": version "
                        + store.view().version() + ", loops " + names(loops));
            }
            before = store.view().version();
            for (Loop loop : loops) {
                loop.run(now);
            }
        } while (store.view().version() != before || loops.stream().anyMatch(Loop::behind));
    }

    /**
     * Settles, then moves the time on, stopping and settling at each deadline on the way.
     *
     * @throws IllegalStateException when it does not come to rest, or a loop's deadline does not move on
     */
    public void advance(Duration time) {
        Instant target = now.plus(time);
        settle();
        int stops = 0;
        for (Optional<Loop> due = nextDue(target); due.isPresent(); due = nextDue(target)) {
            Instant deadline = due.get().deadline();
            stops = deadline.isAfter(now) ? 0 : stops + 1;
            if (stops > PATIENCE) {
                throw new IllegalStateException(due.get().name + ": deadline " + deadline + " does not move on");
            }
            now = deadline.isAfter(now) ? deadline : now;
            settle();
        }
        now = target;
        settle();
    }

    private Optional<Loop> nextDue(Instant target) {
        return loops.stream()
                .filter(loop -> !loop.deadline().isAfter(target))
                .min((one, other) -> one.deadline().compareTo(other.deadline()));
    }

    private static List<String> names(List<Loop> loops) {
        return loops.stream().map(loop -> loop.name).toList();
    }

    /** One reactor and what feeds it. */
    private final class Loop {

        private final String name;
        private final Reactor reactor;
        private final Subscription subscription;
        private long seen;

        Loop(String name, Reactor reactor, Subscription subscription) {
            this.name = name;
            this.reactor = reactor;
            this.subscription = subscription;
            this.seen = subscription.start().version();
        }

        boolean behind() {
            return seen != store.view().version();
        }

        Instant deadline() {
            Instant deadline = reactor.deadline();
            return deadline == null ? Instant.MAX : deadline;
        }

        void run(Instant now) {
            for (Subscription.Delivery next = poll(); next != null; next = poll()) {
                switch (next) {
                    case Subscription.Committed(var commit) -> {
                        seen = commit.version();
                        reactor.commit(commit, now);
                    }
                    case Subscription.Resync(var view) -> {
                        seen = view.version();
                        reactor.start(view, now);
                    }
                    case Subscription.Closed() -> throw new IllegalStateException(name + ": the store is closed");
                }
            }
            reactor.tick(now);
        }

        private Subscription.@Nullable Delivery poll() {
            try {
                return subscription.poll(Duration.ZERO);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(name + ": interrupted", e);
            }
        }
    }
}
