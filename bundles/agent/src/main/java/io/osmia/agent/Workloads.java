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

    /** How many tasks are starting or running. */
    int running();
}
