package io.osmia.orchestrator.internal;

import io.osmia.wire.swarmkit.Task;
import java.util.Comparator;

/**
 * Which copy of a service a task is: the slot of a replicated service, or the node of a global one.
 *
 * @param service service id
 * @param slot from 1; 0 for global services
 * @param node node id; empty for replicated services, whose tasks move
 */
record SlotKey(String service, long slot, String node) implements Comparable<SlotKey> {

    private static final Comparator<SlotKey> ORDER = Comparator.comparing(SlotKey::service)
            .thenComparingLong(SlotKey::slot)
            .thenComparing(SlotKey::node);

    static SlotKey of(Task task) {
        return task.getSlot() != 0 ? replica(task.getServiceId(), task.getSlot())
                : on(task.getServiceId(), task.getNodeId());
    }

    static SlotKey replica(String service, long slot) {
        return new SlotKey(service, slot, "");
    }

    static SlotKey on(String service, String node) {
        return new SlotKey(service, 0, node);
    }

    @Override
    public int compareTo(SlotKey other) {
        return ORDER.compare(this, other);
    }
}
