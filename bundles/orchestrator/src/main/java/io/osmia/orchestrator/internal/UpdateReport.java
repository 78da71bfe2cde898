package io.osmia.orchestrator.internal;

import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.UpdateConfig;
import io.osmia.wire.swarmkit.UpdateStatus;
import io.osmia.wire.swarmkit.UpdateStatus.UpdateState;
import java.time.Instant;

/** What an update tells of itself in the service's update status (rules 3.6.3, 3.6.6, 3.6.7). */
final class UpdateReport {

    private UpdateReport() {}

    static Edit begun(Service service, Instant now) {
        return progress(
                service,
                status(UpdateState.UPDATING, "update in progress").setStartedAt(Times.of(now)));
    }

    static Edit completed(Service service, boolean rollback, Instant now) {
        UpdateStatus.Builder status = rollback
                ? status(UpdateState.ROLLBACK_COMPLETED, "rollback completed")
                : status(UpdateState.COMPLETED, "update completed");
        return progress(service, status.setCompletedAt(Times.of(now)));
    }

    /** A rollback is never rolled back itself. */
    static Edit failed(Service service, UpdateRules rules, String task, Instant now) {
        String reason = " due to failure or early termination of task " + task;
        boolean rollBack = rules.action() == UpdateConfig.FailureAction.ROLLBACK;
        if (rollBack && !rules.rollback()) {
            UpdateStatus status = status(UpdateState.ROLLBACK_STARTED, "update rolled back" + reason)
                    .setStartedAt(Times.of(now))
                    .build();
            return new Edit.RollBack(service.getId(), service.getSpec(), status);
        }
        UpdateState state = rules.rollback() ? UpdateState.ROLLBACK_PAUSED : UpdateState.PAUSED;
        return progress(service, status(state, (rollBack ? "rollback paused" : "update paused") + reason));
    }

    private static UpdateStatus.Builder status(UpdateState state, String message) {
        return UpdateStatus.newBuilder().setState(state).setMessage(message);
    }

    private static Edit progress(Service service, UpdateStatus.Builder status) {
        return new Edit.Progress(service.getId(), service.getSpec(), status.build());
    }
}
