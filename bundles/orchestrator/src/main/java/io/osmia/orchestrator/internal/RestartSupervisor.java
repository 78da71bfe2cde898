package io.osmia.orchestrator.internal;

import io.osmia.store.View;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Replaces tasks that ended or lost their node, as their restart policy says (rule 3.4). */
final class RestartSupervisor {

    /** How long a replacement waits for a task that does not stop (rule 3.4.4). */
    static final Duration OLD_TASK_TIMEOUT = Duration.ofSeconds(60);

    private final TaskFactory tasks;
    private final RestartHistory history = new RestartHistory();
    private final RestartRules rules = new RestartRules(history);
    private final DelayedStarts starts;

    RestartSupervisor(TaskFactory tasks, Duration oldTaskTimeout) {
        this.tasks = tasks;
        this.starts = new DelayedStarts(oldTaskTimeout);
    }

    RestartRules rules() {
        return rules;
    }

    DelayedStarts starts() {
        return starts;
    }

    RestartHistory history() {
        return history;
    }

    /**
     * Ends the task and, where its policy wants that, puts a replacement into the same slot or on the same node. A task that
     * itself still waits for its start is left for later: its start brings it back here (rule 3.4.1).
     */
    List<Edit> restart(View view, Service service, Task old, Instant now) {
        if (!Tasks.runnable(old) || starts.contains(old.getId())) {
            return List.of();
        }
        if (!rules.wants(service, old)) {
            return List.of(new Edit.Desire(old.getId(), TaskState.SHUTDOWN));
        }
        Task replacement = tasks.make(view, service, SlotKey.of(old), TaskState.READY, now);
        history.add(replacement, now);
        starts.add(replacement.getId(), List.of(old.getId()), delay(view, old), now);
        return List.of(new Edit.Replace(List.of(old.getId()), replacement));
    }

    /** A node that must not run the task is left without delay; one that went DOWN too, which SwarmKit does not do. */
    private static Duration delay(View view, Task old) {
        return Tasks.onInvalidNode(view, old) ? Duration.ZERO : RestartRules.delay(old);
    }

    /** Takes a replacement up again that a former leader left waiting (rule 3.8). */
    void resume(View view, Task waiting, List<Task> slot, Instant now) {
        List<Task> olds = slot.stream()
                .filter(t -> !t.getId().equals(waiting.getId()) && !Tasks.dead(t) && !Tasks.runnable(t))
                .toList();
        boolean displaced = olds.stream().anyMatch(old -> Tasks.onInvalidNode(view, old));
        starts.add(
                waiting.getId(),
                olds.stream().map(Task::getId).toList(),
                displaced ? Duration.ZERO : delayLeft(waiting, now),
                now);
    }

    private static Duration delayLeft(Task waiting, Instant now) {
        Duration passed = Duration.between(Times.of(waiting.getStatus().getTimestamp()), now);
        Duration delay = RestartRules.delay(waiting);
        Duration left = passed.isNegative() ? delay : delay.minus(passed);
        return left.isNegative() ? Duration.ZERO : left;
    }

    void clear() {
        history.clear();
        starts.clear();
    }
}
