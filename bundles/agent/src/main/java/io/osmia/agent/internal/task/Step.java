package io.osmia.agent.internal.task;

import io.osmia.wire.swarmkit.TaskState;

/** One step of a task, with the state and message that its success leads to (rules 2.3, 6.14.2). */
public enum Step {
    REST(TaskState.UNRECOGNIZED, "", false),
    ACCEPT(TaskState.ACCEPTED, "accepted", false),
    BEGIN_PREPARE(TaskState.PREPARING, "preparing", false),
    PREPARE(TaskState.READY, "prepared", true),
    BEGIN_START(TaskState.STARTING, "starting", false),
    START(TaskState.RUNNING, "started", true),
    AWAIT(TaskState.COMPLETE, "finished", true),
    SHUTDOWN(TaskState.SHUTDOWN, "shutdown", true);

    private final TaskState result;
    private final String message;
    private final boolean verb;

    Step(TaskState result, String message, boolean verb) {
        this.result = result;
        this.message = message;
        this.verb = verb;
    }

    TaskState result() {
        return result;
    }

    String message() {
        return message;
    }

    /** Whether the executor does it. */
    boolean verb() {
        return verb;
    }
}
