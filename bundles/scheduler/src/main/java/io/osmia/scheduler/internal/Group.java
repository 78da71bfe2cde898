package io.osmia.scheduler.internal;

import io.osmia.api.scheduling.Candidate;
import io.osmia.api.scheduling.TaskGroup;
import io.osmia.scheduler.internal.cluster.Facts;
import io.osmia.scheduler.internal.cluster.FailureKey;
import io.osmia.scheduler.internal.cluster.FailureMemory;
import io.osmia.scheduler.internal.cluster.NodeState;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Equal tasks that wait, with what is known of them.
 *
 * @param tasks at least one
 * @param service their service; null when it is gone or they have none
 * @param strategy which strategy is to place them
 */
record Group(List<Task> tasks, @Nullable Service service, StrategyChoice strategy) {

    static Group of(View view, List<Task> tasks) {
        Task first = tasks.getFirst();
        @Nullable Service service =
                first.getServiceId().isEmpty() ? null : view.get(Table.SERVICES, first.getServiceId());
        return new Group(tasks, service, StrategyChoice.of(view, first, service));
    }

    /** One of the tasks; for scheduling they are all the same. */
    Task sample() {
        return tasks.getFirst();
    }

    String serviceId() {
        return sample().getServiceId();
    }

    String serviceName() {
        return service != null
                ? service.getSpec().getAnnotations().getName()
                : sample().getServiceAnnotations().getName();
    }

    /** Whether the tasks had a service that does not exist any more. */
    boolean orphaned() {
        return service == null && !serviceId().isEmpty();
    }

    /** Whether the service has got a newer spec than these tasks. */
    boolean outdated() {
        return service != null
                && service.hasSpecVersion()
                && sample().hasSpecVersion()
                && service.getSpecVersion().getIndex() > sample().getSpecVersion().getIndex();
    }

    /** The group as plugins see it. */
    TaskGroup forPlugins() {
        Map<String, String> labels = service != null
                ? service.getSpec().getAnnotations().getLabelsMap()
                : sample().getServiceAnnotations().getLabelsMap();
        return new TaskGroup(
                serviceId(), serviceName(), labels, tasks.size(), Facts.amounts(NodeState.reservation(sample())));
    }

    /** A node as plugins see it when they place this group. */
    Candidate candidate(NodeState node, FailureMemory failures, Instant now) {
        return new Candidate(
                node.facts(),
                node.activeTasks(serviceId()),
                node.activeTasks(),
                failures.recent(node.id(), FailureKey.of(sample()), now),
                node.available());
    }
}
