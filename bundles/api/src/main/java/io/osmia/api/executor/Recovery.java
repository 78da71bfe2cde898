package io.osmia.api.executor;

/**
 * What became of a workload that an earlier instance of the executor started or was about to start. Does not grow: executors
 * and the agent may switch over it.
 */
public sealed interface Recovery {

    /** It is prepared and was never started; {@code start} may be called. */
    record Prepared() implements Recovery {}

    /** It runs, but its health check has not passed yet; {@code start} goes on waiting for that. */
    record Starting() implements Recovery {}

    /** It runs. */
    record Running() implements Recovery {}

    /** It ended. */
    record Exited(TaskExit exit) implements Recovery {}

    /** There is certainly no trace of it. */
    record Gone() implements Recovery {}

    /**
     * Nobody can say now; ask again later. Never a reason to kill or restart.
     *
     * @param why for people: what is away, which id, what to do
     */
    record Unknown(String why) implements Recovery {}
}
