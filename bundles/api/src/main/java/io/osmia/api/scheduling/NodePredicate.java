package io.osmia.api.scheduling;

import io.osmia.api.NodeFacts;
import org.osgi.annotation.versioning.ConsumerType;

/** A compiled constraint. Pure: the same node gives the same answer. */
@ConsumerType
@FunctionalInterface
public interface NodePredicate {

    /** Whether the node satisfies the constraint. */
    boolean test(NodeFacts node);

    /** What the node has instead, for people; e.g. {@code node.labels.zone is "b"}. Empty when there is nothing to say. */
    default String explain(NodeFacts node) {
        return "";
    }
}
