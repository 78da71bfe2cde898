package io.osmia.dispatcher.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One timer per node, driven by the times it is given. Timers that are due at the same moment fire in the order of ids. */
final class HeartbeatTimers {

    private record Timer(Instant at, String nodeId) {}

    private final TreeSet<Timer> order =
            new TreeSet<>(Comparator.comparing(Timer::at).thenComparing(Timer::nodeId));
    private final Map<String, Timer> byNode = new HashMap<>();

    /** Sets the node's timer, which replaces an earlier one. */
    void arm(String nodeId, Instant at) {
        cancel(nodeId);
        Timer timer = new Timer(at, nodeId);
        byNode.put(nodeId, timer);
        order.add(timer);
    }

    void cancel(String nodeId) {
        Timer former = byNode.remove(nodeId);
        if (former != null) {
            order.remove(former);
        }
    }

    /** Takes out the timers that are due, the earliest first. */
    List<String> expired(Instant now) {
        List<String> due = new ArrayList<>();
        while (!order.isEmpty() && !order.first().at().isAfter(now)) {
            Timer timer = order.removeFirst();
            byNode.remove(timer.nodeId());
            due.add(timer.nodeId());
        }
        return due;
    }

    /** Moves every timer into the future. */
    void postpone(Duration by) {
        List<Timer> all = List.copyOf(order);
        all.forEach(timer -> arm(timer.nodeId(), timer.at().plus(by)));
    }

    /** When the next timer is due, or null when there is none. */
    @Nullable
    Instant next() {
        return order.isEmpty() ? null : order.first().at();
    }
}
