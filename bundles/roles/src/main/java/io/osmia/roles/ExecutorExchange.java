package io.osmia.roles;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How an executor is exchanged for another while its workloads run (design, section 5). The worker of this node offers it, the
 * installer of plugins uses it, from one thread and one exchange at a time:
 *
 * <pre>
 * objection → begin → (former bundle stops, newcomer starts) → takenOver → close
 * </pre>
 *
 * When the newcomer does not take over, its bundle is stopped, the former one started, and {@code takenOver} called for that.
 */
public interface ExecutorExchange {

    /**
     * Why an executor that declares this cannot take over what this node runs; empty when it can. Changes nothing.
     *
     * @param kind its kind
     * @param handleVersions versions of handles that it recovers
     */
    Optional<String> objection(String kind, Set<Integer> handleVersions);

    /** How many workloads an executor of that kind has to find again. */
    int workloads(String kind);

    /** Why the executor of that bundle does not do its work; empty when it does, or there is none. */
    Optional<String> trouble(long bundle);

    /**
     * Takes the former executors out of use: no new work, calls that go on are cancelled, what ends a workload gets a moment
     * more; then they detach. Their workloads run on, and tasks keep the state that they have. Returns after 1 s at the latest
     * when the former ones do as they are told; calls that ignore being interrupted are given up after about 2 s.
     *
     * @param kind kind of the newcomer
     * @param former ids of the bundles that leave
     * @param newcomer id of the bundle that is to come
     */
    Exchange begin(String kind, Set<Long> former, long newcomer);

    /** An exchange that has begun. */
    interface Exchange extends AutoCloseable {

        /**
         * Waits until the executor of that bundle has come, has found every workload again, and is in use.
         *
         * @return why it is not in use; then it was asked and nothing else
         */
        Optional<String> takenOver(long bundle, Duration bound);

        /** Ends the exchange. Without an executor that took over, tasks wait for one. */
        @Override
        void close();
    }
}
