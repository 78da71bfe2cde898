package io.osmia.api.executor;

/** What became of a workload that an earlier instance of the executor started or was about to start. */
public sealed interface Recovery {

    /** It is prepared and was never started; {@code start} may be called. */
    record Prepared() implements Recovery {}

    /** It runs. */
    record Running() implements Recovery {}

    /** It ended. */
    record Exited(TaskExit exit) implements Recovery {}

    /** There is no trace of it. */
    record Gone() implements Recovery {}

    /** Nobody can say now; ask again later. Never a reason to kill or restart. */
    record Unknown(String why) implements Recovery {}
}
