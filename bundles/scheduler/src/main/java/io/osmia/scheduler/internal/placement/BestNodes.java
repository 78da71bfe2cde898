package io.osmia.scheduler.internal.placement;

import io.osmia.api.scheduling.Candidate;
import io.osmia.scheduler.internal.cluster.NodeState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/** The best few of many nodes; asks whether a node may be used only when it would be among them (rule 4.4.3). */
final class BestNodes {

    /** A node and how the strategy sees it at the moment. */
    record Ranked(NodeState node, Candidate candidate) {}

    private final int most;
    private final Comparator<Ranked> order;
    /** The worst one first. */
    private final PriorityQueue<Ranked> kept;

    BestNodes(int most, Comparator<Candidate> order) {
        this.most = most;
        this.order = (one, other) -> order.compare(one.candidate(), other.candidate());
        this.kept = new PriorityQueue<>(this.order.reversed());
    }

    void offer(Ranked node, Predicate<NodeState> usable) {
        boolean full = kept.size() == most;
        if (full && order.compare(node, kept.element()) >= 0) {
            return;
        }
        if (usable.test(node.node())) {
            if (full) {
                kept.remove();
            }
            kept.add(node);
        }
    }

    /** All that were kept. */
    List<NodeState> nodes() {
        List<Ranked> sorted = new ArrayList<>(kept);
        sorted.sort(order);
        return sorted.stream().map(Ranked::node).toList();
    }
}
