package io.osmia.executor.process.internal;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.Health;
import io.osmia.executor.process.internal.TaskFiles.Run;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the health checks that are due. Nobody does it in the background: who waits for a task does it meanwhile. What was
 * found stands in the task's folder; here is only kept when the next check is due, and how many failed in a row.
 */
final class HealthChecks {

    private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);

    private final TaskFiles files;
    private final Execs execs;
    private final Map<String, Round> rounds = new ConcurrentHashMap<>();

    HealthChecks(TaskFiles files, Execs execs) {
        this.files = files;
        this.execs = execs;
    }

    /** The checks of one task. */
    private static final class Round {
        private final ReentrantLock running = new ReentrantLock();
        private volatile Instant due;
        /** Guarded by running. */
        private int failures;

        Round(Instant due) {
            this.due = due;
        }
    }

    private Round round(String taskId, HealthPlan plan, Instant startedAt) {
        return rounds.computeIfAbsent(taskId, id -> new Round(startedAt.plus(plan.pause(startedAt, startedAt))));
    }

    /** How long the next check can wait. */
    Duration untilDue(String taskId, HealthPlan plan, Instant startedAt) {
        Duration left = Duration.between(Instant.now(), round(taskId, plan, startedAt).due);
        // Somebody else may just be at it.
        return left.compareTo(Duration.ofMillis(50)) < 0 ? Duration.ofMillis(50) : left;
    }

    /** Runs the check if it is due; what is known of the task's health afterwards. */
    Health look(String taskId, HealthPlan plan, Run run, Instant startedAt) throws IOException, InterruptedException {
        Round round = round(taskId, plan, startedAt);
        if (Instant.now().isBefore(round.due) || !round.running.tryLock()) {
            return files.health(taskId);
        }
        try {
            Health known = files.health(taskId);
            if (known == Health.UNHEALTHY) {
                return known;
            }
            boolean passed = passes(taskId, plan, run);
            // What has ended by itself meanwhile is not unwell.
            return passed || run.process().alive() ? judge(taskId, plan, round, known, passed, startedAt) : known;
        } finally {
            round.due = Instant.now().plus(plan.pause(startedAt, Instant.now()));
            round.running.unlock();
        }
    }

    private boolean passes(String taskId, HealthPlan plan, Run run) throws IOException, InterruptedException {
        try {
            return execs.succeeds(taskId, run, plan.command(), plan.timeout());
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (ExecutorException | IOException e) {
            LOG.debug("task {}: its health check cannot be run: {}", taskId, e.getMessage());
            return false;
        }
    }

    private Health judge(
            String taskId, HealthPlan plan, Round round, Health known, boolean passed, Instant startedAt)
            throws IOException {
        boolean starting = known != Health.HEALTHY && Instant.now().isBefore(startedAt.plus(plan.startPeriod()));
        round.failures = passed || starting ? 0 : round.failures + 1;
        Health now = passed ? Health.HEALTHY : round.failures >= plan.retries() ? Health.UNHEALTHY : known;
        if (now != known) {
            files.setHealth(taskId, now);
        }
        return now;
    }

    void forget(String taskId) {
        rounds.remove(taskId);
    }
}
