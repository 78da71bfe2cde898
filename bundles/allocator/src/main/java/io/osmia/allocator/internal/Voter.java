package io.osmia.allocator.internal;

import io.osmia.store.View;
import io.osmia.wire.swarmkit.Task;

/** Gives a task one kind of what the cluster has only once. A task is allocated when every voter agreed (rule 5.2.3). */
interface Voter {

    /** For messages. */
    String name();

    /**
     * Judges a task and gives it what it needs.
     *
     * @param view the state that the task belongs to, newer than what any watcher saw
     */
    Vote vote(View view, Task task);

    /** The outcome. */
    sealed interface Vote {}

    /** The task has all it needs from this voter. */
    record Allocated(Task task) implements Vote {}

    /** The task must wait; it is asked again when something was given back, or after a while. */
    record Waits(String reason) implements Vote {}
}
