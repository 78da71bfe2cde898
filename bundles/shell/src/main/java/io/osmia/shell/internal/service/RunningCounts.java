package io.osmia.shell.internal.service;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Session;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListTasksRequest;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeStatus;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Per service, how many tasks were seen running on nodes that are not down (rule 10.3.8). */
record RunningCounts(Map<String, Integer> running) {

    static final RunningCounts NONE = new RunningCounts(Map.of());

    static RunningCounts ask(Session session) throws NotReachable {
        return ask(session, ListTasksRequest.getDefaultInstance());
    }

    static RunningCounts ask(Session session, ListTasksRequest which) throws NotReachable {
        Set<String> down = new HashSet<>();
        for (Node node : session.control()
                .listNodes(ListNodesRequest.getDefaultInstance())
                .getNodesList()) {
            if (node.getStatus().getState() == NodeStatus.State.DOWN) {
                down.add(node.getId());
            }
        }
        Map<String, Integer> running = new TreeMap<>();
        for (Task task : session.control().listTasks(which).getTasksList()) {
            if (task.getStatus().getState() == TaskState.RUNNING && !down.contains(task.getNodeId())) {
                running.merge(task.getServiceId(), 1, Integer::sum);
            }
        }
        return new RunningCounts(running);
    }

    /** {@code running/wanted}, {@code global}, or nothing for jobs. */
    String replicas(Service service) {
        return switch (service.getSpec().getModeCase()) {
            case REPLICATED -> running.getOrDefault(service.getId(), 0) + "/"
                    + Long.toUnsignedString(service.getSpec().getReplicated().getReplicas());
            case GLOBAL -> "global";
            default -> "";
        };
    }
}
