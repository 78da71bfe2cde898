package io.osmia.orchestrator.internal;

import io.osmia.wire.swarmkit.RestartPolicy;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.time.Instant;

/** What the restart policy of a task says (rules 3.4.2 and 12.7). */
final class RestartRules {

    static final Duration DEFAULT_DELAY = Duration.ofSeconds(5);

    private final RestartHistory history;

    RestartRules(RestartHistory history) {
        this.history = history;
    }

    /** Whether the task is to be replaced now that it has ended. */
    boolean wants(Service service, Task task) {
        return conditionMet(service, task) && attemptsLeft(task);
    }

    private static boolean conditionMet(Service service, Task task) {
        boolean complete = task.getStatus().getState() == TaskState.COMPLETE;
        if (!task.getSpec().hasRestart()) {
            return !(complete && job(service));
        }
        return switch (task.getSpec().getRestart().getCondition()) {
            case ANY -> !(complete && job(service));
            case ON_FAILURE -> !complete;
            case NONE, UNRECOGNIZED -> false;
        };
    }

    private static boolean job(Service service) {
        return service.getSpec().hasReplicatedJob() || service.getSpec().hasGlobalJob();
    }

    private boolean attemptsLeft(Task task) {
        RestartPolicy policy = task.getSpec().getRestart();
        long limit = policy.getMaxAttempts();
        if (limit == 0) {
            return true;
        }
        Duration window = Times.of(policy.getWindow());
        if (window.isZero()) {
            return Long.compareUnsigned(history.count(task), limit) < 0;
        }
        Instant ended = Tasks.reported(task);
        return Long.compareUnsigned(history.count(task, ended.minus(window), ended), limit) < 0;
    }

    /** How long a replacement waits (rules 3.4.4 and 12.7: 5 s when the policy names none). */
    static Duration delay(Task task) {
        RestartPolicy policy = task.getSpec().getRestart();
        return policy.hasDelay() ? Times.of(policy.getDelay()) : DEFAULT_DELAY;
    }
}
