package io.osmia.tck;

/** What a test needs of an executor, and an executor may leave out with a reason. */
public enum Feature {
    /** Images decide what a workload finds, and may be missing. */
    IMAGES,
    /** Folders of the host can be mounted. */
    MOUNTS,
    /** Ports can be published on the host. */
    PORTS,
    /** Health checks. */
    HEALTH,
    /** Memory limits are enforced. */
    MEMORY_LIMIT,
    /** There is a least memory limit. */
    MEMORY_MINIMUM,
    /** {@link io.osmia.api.executor.TaskOutput}. */
    OUTPUT,
    /** Lines of output have times, and requests may be bounded by them. */
    OUTPUT_TIMES,
    /** {@link io.osmia.api.executor.TaskStatistics}. */
    STATISTICS,
    /** {@link io.osmia.api.executor.TaskExec}. */
    EXEC,
    /** {@link io.osmia.api.executor.TaskSignals}. */
    SIGNALS,
    /** There are handles of a former version. */
    FORMER_HANDLES,
    /** The backend can go away while workloads run on. */
    BACKEND_AWAY,
    /** Workloads of several nodes may be on one machine. */
    SEVERAL_NODES
}
