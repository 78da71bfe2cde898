package io.osmia.scheduler.internal.cluster;

import io.osmia.wire.swarmkit.PortConfig;
import io.osmia.wire.swarmkit.Task;
import java.util.List;

/** A port that a task occupies on its node itself. */
public record HostPort(PortConfig.Protocol protocol, int port) {

    /** The ports of a task that are published on the host under a fixed number. */
    public static List<HostPort> of(Task task) {
        return task.getEndpoint().getPortsList().stream()
                .filter(port -> port.getPublishMode() == PortConfig.PublishMode.HOST && port.getPublishedPort() != 0)
                .map(port -> new HostPort(port.getProtocol(), port.getPublishedPort()))
                .toList();
    }
}
