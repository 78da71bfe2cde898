package io.osmia.scheduler.internal;

import io.osmia.wire.swarmkit.Task;

/** What the scheduler wants to be written of a task. */
sealed interface Decision {

    /** The task as the decision leaves it. */
    Task task();

    /**
     * The task gets its node, or may run on the one it has.
     *
     * @param nodeVersion version of the node that this rests on; with another one it is void (rule 4.5.1)
     */
    record Assign(Task task, long nodeVersion) implements Decision {}

    /** The task stays pending, and its error says why (rules 4.4.7, 4.5.3). */
    record Refuse(Task task) implements Decision {}

    /** The task is not wanted any more and never had a node (rule 2.3). */
    record Retire(Task task) implements Decision {}
}
