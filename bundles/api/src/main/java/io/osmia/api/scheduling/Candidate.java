package io.osmia.api.scheduling;

import io.osmia.api.NodeFacts;
import io.osmia.api.ResourceAmounts;

/**
 * A node as the placement engine sees it while it places one group: it passed all filters.
 *
 * @param node the node
 * @param serviceTasks active tasks (desired state at most COMPLETE) of the group's service on the node
 * @param activeTasks active tasks of all services on the node
 * @param recentFailures failures of this service and spec version on the node in the last 5 minutes (rule 4.2.3)
 * @param available what is not reserved
 */
public record Candidate(
        NodeFacts node, int serviceTasks, int activeTasks, int recentFailures, ResourceAmounts available) {}
