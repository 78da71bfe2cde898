package io.osmia.scheduler.internal;

import io.osmia.wire.swarmkit.Task;
import java.util.List;

/**
 * What became of a group.
 *
 * @param serviceId service of its tasks
 * @param serviceName name of that service
 * @param strategy name and version of the strategy that placed them; empty when none was asked
 * @param decisions what is to be written
 * @param dropped tasks that are not looked at again until somebody changes them (rule 4.4.7)
 * @param again whether a plugin failed, so that the group must be tried once more
 */
record GroupOutcome(
        String serviceId,
        String serviceName,
        String strategy,
        List<Decision> decisions,
        List<Task> dropped,
        boolean again) {

    GroupOutcome {
        decisions = List.copyOf(decisions);
        dropped = List.copyOf(dropped);
    }
}
