package io.osmia.scheduler.internal.plugin;

import io.osmia.api.scheduling.Candidate;
import io.osmia.api.scheduling.SchedulingStrategy;
import io.osmia.api.scheduling.TaskGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A strategy's order of candidates, made total by the node's id (rule 12.6). What the strategy does wrong becomes a
 * {@link PluginFault}.
 */
public final class GuardedOrder implements Comparator<Candidate> {

    /** What a group may take, for each 100,000 comparisons begun. */
    private static final Duration BUDGET = Duration.ofSeconds(2);

    private static final int BUDGETED = 100_000;
    private static final int LOOK_AT_CLOCK = 16;
    private static final int CHECKED = 64;

    private final Installed<SchedulingStrategy> strategy;
    private final Comparator<Candidate> order;
    private final Lifeline lifeline;
    private final Supplier<Instant> time;
    private final Instant began;
    private long comparisons;

    private GuardedOrder(
            Installed<SchedulingStrategy> strategy,
            Comparator<Candidate> order,
            Lifeline lifeline,
            Supplier<Instant> time,
            Instant began) {
        this.strategy = strategy;
        this.order = order;
        this.lifeline = lifeline;
        this.time = time;
        this.began = began;
    }

    /**
     * Asks the strategy.
     *
     * @param time measures how long the strategy takes
     * @throws PluginFault when it fails
     */
    public static GuardedOrder of(
            Installed<SchedulingStrategy> strategy, TaskGroup group, Lifeline lifeline, Supplier<Instant> time) {
        Instant began = time.get();
        @Nullable Comparator<Candidate> order;
        lifeline.enter(strategy);
        try {
            order = strategy.plugin().order(group);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            throw PluginFault.thrown(strategy, e);
        } finally {
            lifeline.leave();
        }
        if (order == null) {
            throw new PluginFault(strategy, "gave no order", null);
        }
        GuardedOrder guarded = new GuardedOrder(strategy, order, lifeline, time, began);
        guarded.checkTime();
        return guarded;
    }

    /**
     * Runs what compares candidates. Sorting notices by itself when an order contradicts itself.
     *
     * @throws PluginFault when it does
     */
    public void guard(Runnable placement) {
        try {
            placement.run();
        } catch (IllegalArgumentException e) {
            throw new PluginFault(strategy, "contradicts itself", e);
        }
        checkTime();
    }

    @Override
    public int compare(Candidate one, Candidate other) {
        int result = ask(one, other);
        comparisons++;
        if (comparisons <= CHECKED && Integer.signum(ask(other, one)) != -Integer.signum(result)) {
            throw new PluginFault(
                    strategy,
                    "contradicts itself about nodes " + one.node().id() + " and "
                            + other.node().id(),
                    null);
        }
        if (comparisons % LOOK_AT_CLOCK == 0) {
            checkTime();
        }
        return result != 0 ? result : one.node().id().compareTo(other.node().id());
    }

    private int ask(Candidate one, Candidate other) {
        lifeline.enter(strategy);
        try {
            return order.compare(one, other);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            throw PluginFault.thrown(strategy, e);
        } finally {
            lifeline.leave();
        }
    }

    /**
     * Looks at the time after the last call, which the look inside a run of calls may have missed.
     *
     * @throws PluginFault when the strategy took too long
     */
    private void checkTime() {
        Duration taken = Duration.between(began, time.get());
        if (taken.compareTo(BUDGET.multipliedBy(1 + comparisons / BUDGETED)) > 0) {
            throw new PluginFault(strategy, "took " + taken.toMillis() + " ms, which is too long", null);
        }
    }
}
