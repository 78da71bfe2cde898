package io.osmia.orchestrator.internal;

import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.UpdateConfig;
import io.osmia.wire.swarmkit.UpdateStatus;
import java.time.Duration;

/**
 * How a service wants to be updated (rules 3.6.4, 12.7).
 *
 * @param rollback whether this is a rollback
 * @param parallelism slots at a time; 0 for all
 * @param delay between two slots of one worker
 * @param action what to do when too many new tasks fail
 * @param monitor how long after it began to run a new task's end counts as a failure
 * @param maxFailureRatio failures per slot that are accepted
 * @param startFirst whether the new task runs before the old one is stopped
 */
record UpdateRules(
        boolean rollback,
        long parallelism,
        Duration delay,
        UpdateConfig.FailureAction action,
        Duration monitor,
        float maxFailureRatio,
        boolean startFirst) {

    private static final Duration DEFAULT_MONITOR = Duration.ofSeconds(5);
    private static final UpdateConfig DEFAULT =
            UpdateConfig.newBuilder().setParallelism(1).build();

    static UpdateRules of(Service service) {
        boolean rollback = service.getUpdateStatus().getState() == UpdateStatus.UpdateState.ROLLBACK_STARTED;
        UpdateConfig config = config(service, rollback);
        return new UpdateRules(
                rollback,
                config.getParallelism(),
                Times.of(config.getDelay()),
                config.getFailureAction(),
                config.hasMonitor() ? Times.of(config.getMonitor()) : DEFAULT_MONITOR,
                config.getMaxFailureRatio(),
                config.getOrder() == UpdateConfig.UpdateOrder.START_FIRST);
    }

    private static UpdateConfig config(Service service, boolean rollback) {
        if (rollback) {
            return service.getSpec().hasRollback() ? service.getSpec().getRollback() : DEFAULT;
        }
        return service.getSpec().hasUpdate() ? service.getSpec().getUpdate() : DEFAULT;
    }

    /** How long to keep watching after the last slot (rule 3.6.7). */
    Duration afterwards() {
        return delay.compareTo(monitor) >= 0 ? delay.plusSeconds(1) : monitor;
    }
}
