package io.osmia.agent.internal.task;

import io.osmia.agent.internal.task.Worker.Held;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.TaskHandle;
import io.osmia.roles.ExecutorExchange;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Exchanges executors under running tasks. */
public final class HandOver implements ExecutorExchange {

    private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

    /** What the former one knows is asked while it still works, and not waited for long. */
    private static final Duration LAST_LIST = Duration.ofSeconds(1);

    /** How long an executor is waited for that nothing needs yet. */
    private static final Duration SWITCHED_OFF = Duration.ofMillis(500);

    private final Executors executors;
    private final Worker worker;

    public HandOver(Executors executors, Worker worker) {
        this.executors = executors;
        this.worker = worker;
    }

    @Override
    public Optional<String> objection(String kind, Set<Integer> handleVersions) {
        List<Held> strange = worker.held(kind).stream()
                .filter(held -> !handleVersions.contains(held.handle().version()))
                .toList();
        if (strange.isEmpty()) {
            return Optional.empty();
        }
        TaskHandle first = strange.getFirst().handle();
        return Optional.of("it recovers handles of version " + text(handleVersions) + ", and task " + first.taskId()
                + " has one of version " + first.version() + others(strange.size())
                + "; install a version that knows it, or end those tasks first");
    }

    private static String text(Set<Integer> versions) {
        return new TreeSet<>(versions).stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** How many more there are. */
    static String others(int all) {
        return all > 1 ? " (" + (all - 1) + " more)" : "";
    }

    @Override
    public int workloads(String kind) {
        return worker.held(kind).size();
    }

    @Override
    public Optional<String> trouble(long bundle) {
        return executors.trouble(bundle);
    }

    @Override
    public Exchange begin(String kind, Set<Long> former, long newcomer) {
        List<Installed> leaving = executors.of(former);
        @Nullable Set<String> known = leaving.isEmpty() ? null : known(leaving);
        Set<Long> bundles = new HashSet<>(former);
        bundles.add(newcomer);
        long begun = System.nanoTime();
        executors.reserve(bundles);
        leaving.forEach(executors::leave);
        return new Running(kind, !leaving.isEmpty() || workloads(kind) > 0, known, begun);
    }

    /** Tasks whose workload the former ones know; null when they cannot say. */
    private @Nullable Set<String> known(List<Installed> leaving) {
        Set<String> known = new HashSet<>();
        for (Installed executor : leaving) {
            try {
                worker.list(executor, LAST_LIST).forEach(handle -> known.add(handle.taskId()));
            } catch (ExecutorException e) {
                LOG.warn("executor {} cannot list its workloads before it leaves: {}", executor, Wishes.text(e));
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
        return known;
    }

    private final class Running implements Exchange {

        private final String kind;
        private final boolean needed;
        private final @Nullable Set<String> known;
        private final long begun;
        private boolean open = true;

        /**
         * @param needed whether there was one, or there are workloads; if not, one that does not come may be switched off
         * @param known tasks whose workload the former executor knew; null when that is not known
         * @param begun nano time since which no executor has been in use
         */
        Running(String kind, boolean needed, @Nullable Set<String> known, long begun) {
            this.kind = kind;
            this.needed = needed;
            this.known = known;
            this.begun = begun;
        }

        @Override
        public Optional<String> takenOver(long bundle, Duration bound) {
            long deadline = System.nanoTime() + bound.toNanos();
            try {
                while (true) {
                    Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
                    Optional<Installed> newcomer = executors.awaitArrival(bundle, needed ? left : SWITCHED_OFF);
                    if (newcomer.isEmpty()) {
                        return needed
                                ? Optional.of("it offers no executor; the node's log may say why")
                                : Optional.empty();
                    }
                    Optional<String> refusal = refusal(newcomer.get(), deadline);
                    if (refusal.isEmpty() && executors.admit(newcomer.get())) {
                        open = false;
                        LOG.info("executor {}: {} workloads handed over to it in {} ms", newcomer.get(),
                                worker.held(kind).size(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
                        return refusal;
                    }
                    if (executors.waits(newcomer.get())) {
                        return refusal;
                    }
                    // It left while it was asked, e.g. for another configuration: the one that comes instead is asked.
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.of("interrupted");
            }
        }

        private Optional<String> refusal(Installed newcomer, long deadline) throws InterruptedException {
            Optional<String> stranger = stranger(newcomer);
            return stranger.isPresent()
                    ? stranger
                    : new Recoveries(newcomer, worker.held(kind), known).refusal(deadline);
        }

        /** Why it is not what its manifest says. */
        private Optional<String> stranger(Installed newcomer) {
            Optional<ExecutorDescription> description = newcomer.describe();
            if (description.isEmpty()) {
                return Optional.of("it cannot describe itself; the node's log says why");
            }
            if (!description.get().kind().equals(kind)) {
                return Optional.of("it is of kind " + description.get().kind() + ", and its manifest says " + kind);
            }
            return objection(kind, description.get().handleVersions());
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                executors.release();
            }
        }
    }
}
