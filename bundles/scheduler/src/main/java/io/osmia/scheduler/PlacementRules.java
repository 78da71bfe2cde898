package io.osmia.scheduler;

import io.osmia.api.NodeFacts;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Placement;

/**
 * What placement constraints say of a node (rule 3.10), by the evaluators that are installed now. An OSGi service on every
 * node that has the scheduler's bundle; safe for use by any thread; does not block.
 */
public interface PlacementRules {

    /** Whether the node meets the constraints of a placement. */
    enum Match {
        /** All of them; also when there are none, or when one cannot be read, which disables the check (CON-002). */
        YES,
        /** One of them is not met. */
        NO,
        /** None is known to be missed, but one has no evaluator now, or one that fails: never a reason to stop a task. */
        UNKNOWN
    }

    /** Judges a node. */
    Match check(Placement placement, Node node);

    /** Whether the node may get a task: an expression that nobody can evaluate never matches (rule 3.10). */
    default boolean matches(Placement placement, Node node) {
        return check(placement, node) == Match.YES;
    }

    /** What plugins may know of the node. */
    NodeFacts facts(Node node);

    /** Calls the listener, on a thread that must not be blocked, after evaluators came or went; close to end it. */
    AutoCloseable onChange(Runnable listener);
}
