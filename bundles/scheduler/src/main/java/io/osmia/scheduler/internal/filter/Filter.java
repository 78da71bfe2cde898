package io.osmia.scheduler.internal.filter;

import io.osmia.scheduler.internal.cluster.NodeState;
import java.util.List;

/** A condition that a node must meet to get a task of a group; made for the group. */
public interface Filter {

    boolean passes(NodeState node);

    /** What users read when these nodes, at least one, met all earlier conditions but not this one. */
    String explain(List<NodeState> failing);

    /** Whether a task of the group that the node gets may change the answer. */
    default boolean changing() {
        return false;
    }

    /** {@code <what> on 1 node} or {@code <what> on <n> nodes}. */
    static String on(String what, List<NodeState> nodes) {
        return what + " on " + count(nodes);
    }

    /** {@code 1 node} or {@code <n> nodes}. */
    static String count(List<NodeState> nodes) {
        return nodes.size() == 1 ? "1 node" : nodes.size() + " nodes";
    }
}
