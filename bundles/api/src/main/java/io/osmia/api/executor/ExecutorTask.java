package io.osmia.api.executor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A task as an executor sees it.
 *
 * @param id task id, 25 characters; the workload is named by it
 * @param name runtime name, {@code service.slot.id} (rule 1.2.7)
 * @param serviceId service id; empty for tasks without a service
 * @param serviceName service name; empty for tasks without a service
 * @param nodeId id of this node
 * @param slot slot number; 0 for tasks of global services
 * @param labels labels of the task
 * @param serviceLabels labels of its service
 * @param workload what to run
 * @param resources what it may use and what it was given
 * @param ports ports to publish on this host, at the host's addresses; others are none of the executor's business
 * @param logDriver where output goes; {@link Driver#NONE} for the executor's choice
 */
public record ExecutorTask(
        String id,
        String name,
        String serviceId,
        String serviceName,
        String nodeId,
        long slot,
        Map<String, String> labels,
        Map<String, String> serviceLabels,
        Workload workload,
        TaskResources resources,
        List<Port> ports,
        Driver logDriver) {

    public ExecutorTask {
        labels = Map.copyOf(labels);
        serviceLabels = Map.copyOf(serviceLabels);
        ports = List.copyOf(ports);
    }

    /** The same task with another workload. */
    public ExecutorTask with(Workload other) {
        return new ExecutorTask(
                id, name, serviceId, serviceName, nodeId, slot, labels, serviceLabels, other, resources, ports,
                logDriver);
    }

    /** The same task with other resources. */
    public ExecutorTask with(TaskResources other) {
        return new ExecutorTask(
                id, name, serviceId, serviceName, nodeId, slot, labels, serviceLabels, workload, other, ports,
                logDriver);
    }

    /** The same task with other ports. */
    public ExecutorTask with(List<Port> other) {
        return new ExecutorTask(
                id, name, serviceId, serviceName, nodeId, slot, labels, serviceLabels, workload, resources, other,
                logDriver);
    }

    /**
     * Environment of the workload: that of its spec, then {@code DOCKER_RESOURCE_<KIND>=<values>} for each kind of generic
     * resource it was given (rule 6.15.4).
     */
    public List<String> environment() {
        TreeMap<String, String> given = new TreeMap<>();
        resources.assigned().discrete().forEach((kind, amount) -> given.put(kind, Long.toString(amount)));
        resources.assigned().named().forEach((kind, names) -> given.put(kind, String.join(",", names)));
        List<String> environment = new ArrayList<>(workload.env());
        given.forEach((kind, values) -> environment.add(
                "DOCKER_RESOURCE_" + kind.toUpperCase(Locale.ROOT) + "=" + values));
        return environment;
    }
}
