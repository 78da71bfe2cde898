package io.osmia.agent.internal.task;

import io.osmia.api.executor.TaskExit;

/** What came of a step. */
public sealed interface Outcome {

    /** It succeeded. */
    record Done() implements Outcome {}

    /** The workload ended. */
    record Exited(TaskExit exit) implements Outcome {}

    /** It failed; a temporary failure is tried again. */
    record Failed(String err, boolean temporary) implements Outcome {}

    /** It was interrupted and is tried again if it is still what is to be done. */
    record Cancelled() implements Outcome {}
}
