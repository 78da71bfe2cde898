package io.osmia.orchestrator.internal;

import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.UpdateConfig;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts the tasks of one update that ended too soon (rule 3.6.6). A task that the orchestrator itself has stopped is no
 * failure: a node that is drained during an update does not pause it.
 */
final class UpdateFailures {

    private static final Instant NOT_YET = Instant.MAX;

    private final UpdateRules rules;
    private final int slots;
    /** New tasks that may still fail, with the time they were first seen running. */
    private final SortedMap<String, Instant> watched = new TreeMap<>();

    private int failures;
    private String last = "";

    UpdateFailures(UpdateRules rules, int slots) {
        this.rules = rules;
        this.slots = slots;
    }

    void watch(String created) {
        if (rules.action() != UpdateConfig.FailureAction.CONTINUE) {
            watched.put(created, NOT_YET);
        }
    }

    void observe(Task task, Instant now) {
        Instant since = watched.get(task.getId());
        if (since == null) {
            return;
        }
        if (task.getStatus().getState() == TaskState.RUNNING && since.equals(NOT_YET)) {
            watched.put(task.getId(), now);
        } else if (Tasks.dead(task)) {
            watched.remove(task.getId());
            count(task, since, now);
        }
    }

    private void count(Task task, Instant since, Instant now) {
        boolean early = since.equals(NOT_YET) || now.isBefore(since.plus(rules.monitor()));
        if (early && Tasks.runnable(task)) {
            failures++;
            last = task.getId();
        }
    }

    boolean tooMany() {
        return (float) failures / slots > rules.maxFailureRatio();
    }

    /** The task that failed last. */
    String last() {
        return last;
    }
}
