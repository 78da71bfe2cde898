package io.osmia.api.scheduling;

import io.osmia.api.ResourceAmounts;
import java.util.Map;

/**
 * Equal tasks that are placed together: the pending tasks of one service and one spec version.
 *
 * @param serviceId service id; empty for tasks without a service
 * @param serviceName service name; empty for tasks without a service
 * @param serviceLabels labels of the service
 * @param size how many tasks are to be placed, at least 1
 * @param reservation what each task reserves
 */
public record TaskGroup(
        String serviceId,
        String serviceName,
        Map<String, String> serviceLabels,
        int size,
        ResourceAmounts reservation) {

    public TaskGroup {
        serviceLabels = Map.copyOf(serviceLabels);
    }
}
