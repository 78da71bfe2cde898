package io.osmia.api.scheduling;

import java.util.Comparator;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decides which of several feasible nodes is the better one. A service chooses a strategy by its label
 * {@code osmia.strategy}, else the cluster by the same label, else {@code spread} is used.
 *
 * <p>Calls come from one thread at a time, under a time budget; a strategy that throws, overruns or contradicts itself is
 * set aside and named. It must not keep the records it is given.
 */
@ConsumerType
public interface SchedulingStrategy {

    /** The name services ask for: lower-case letters, digits and dashes, at most 63 characters. */
    String name();

    /**
     * Prepares the placement of one group.
     *
     * @param group the tasks to place
     * @return an order of candidates, the better one first; it must be consistent, and may call two candidates equal (the
     *     engine then prefers the smaller node id)
     */
    Comparator<Candidate> order(TaskGroup group);
}
