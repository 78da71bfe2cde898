package io.osmia.api.executor;

import io.osmia.api.ResourceAmounts;
import java.util.Map;

/**
 * A task as an executor sees it.
 *
 * @param id task id, 25 characters; the workload is named by it
 * @param name runtime name, {@code service.slot.id} (rule 1.2.7)
 * @param serviceId service id; empty for tasks without a service
 * @param serviceName service name; empty for tasks without a service
 * @param nodeId id of this node
 * @param slot slot number; 0 for tasks of global services
 * @param labels labels of the task and its service
 * @param workload what to run
 * @param limits what the workload may use at most; 0 means no limit
 */
public record ExecutorTask(
        String id,
        String name,
        String serviceId,
        String serviceName,
        String nodeId,
        long slot,
        Map<String, String> labels,
        Workload workload,
        ResourceAmounts limits) {

    public ExecutorTask {
        labels = Map.copyOf(labels);
    }
}
