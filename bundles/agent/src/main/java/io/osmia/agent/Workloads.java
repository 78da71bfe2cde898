package io.osmia.agent;

import java.time.Duration;

/** The workloads of this node as a whole. Stopping the agent leaves them running; this is how to end them. */
public interface Workloads {

    /**
     * Takes no more work, stops every workload and waits for their end, at most as long as the bound says. The tasks are
     * reported as SHUTDOWN when the agent starts the next time.
     *
     * @return whether all of them ended in time
     */
    boolean stopAll(Duration bound);

    /**
     * Takes no more work, and removes every task with every trace of it from this node (rule 6.11.14): what a node does that
     * leaves its cluster, or was removed from it. Waits for that at most as long as the bound says.
     *
     * @return whether no task is left
     */
    boolean leave(Duration bound);

    /** How many tasks are starting or running. */
    int running();
}
