package io.osmia.api.executor;

/** What a workload's health check says. */
public enum Health {
    /** It has none. */
    NONE,
    /** It has not passed yet, and not failed often enough. */
    STARTING,
    /** It passed. */
    HEALTHY,
    /** It failed as often as it may. */
    UNHEALTHY
}
