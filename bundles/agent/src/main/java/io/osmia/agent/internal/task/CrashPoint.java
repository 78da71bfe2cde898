package io.osmia.agent.internal.task;

/**
 * Where a node may be killed on the way of a task, in order. The next start has to put things right from each of them, without
 * starting the workload a second time; tests end a task's runner there.
 */
enum CrashPoint {
    /** The task is in the journal, without a handle. */
    TASK_JOURNALLED,
    /** The executor made a handle, which is nowhere yet. */
    HANDLE_MADE,
    /** The handle is on disk. */
    HANDLE_JOURNALLED,
    /** The workload is prepared, and the journal does not know. */
    WORKLOAD_PREPARED,
    /** STARTING is on disk, and nobody was told. */
    STARTING_JOURNALLED,
    /** STARTING was told, and nothing was started. */
    STARTING_REPORTED,
    /** The workload runs, and the journal does not know. */
    WORKLOAD_STARTED,
    /** The journal says that it runs, and nobody was told. */
    RUNNING_JOURNALLED,
    /** Everybody knows that it runs. */
    RUNNING_REPORTED,
    /** The workload has ended, and the journal does not know. */
    END_SEEN,
    /** The end is on disk, and nobody was told. */
    END_JOURNALLED,
    /** The end was told. */
    END_REPORTED,
    /** The journal says that the task is being removed; its workload is there. */
    REMOVAL_JOURNALLED,
    /** The workload is removed, and the journal still has the task. */
    WORKLOAD_REMOVED;

    /** Told of each place that a task comes by. */
    @FunctionalInterface
    interface Watcher {

        /** @throws InterruptedException to end the task's runner there */
        void at(CrashPoint point, String taskId) throws InterruptedException;

        /** Of a node. */
        Watcher NOBODY = (point, taskId) -> {};
    }
}
