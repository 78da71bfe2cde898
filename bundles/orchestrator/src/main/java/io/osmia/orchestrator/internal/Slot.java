package io.osmia.orchestrator.internal;

import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskState;
import java.util.List;

/** A copy of a service and the tasks that stand for it, by task id. Several during a replacement (rule 3.1.1). */
record Slot(SlotKey key, List<Task> tasks) {

    Slot {
        tasks = List.copyOf(tasks);
    }

    boolean running() {
        return tasks.stream().anyMatch(t -> t.getStatus().getState() == TaskState.RUNNING);
    }

    /** The node of the only task; empty when there is none or no single task. */
    String node() {
        return tasks.size() == 1 ? tasks.getFirst().getNodeId() : "";
    }
}
