package io.osmia.orchestrator.internal;

import io.osmia.scheduler.PlacementRules;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Placement;

/** What placement constraints say of a node; see {@link PlacementRules#check}. */
@FunctionalInterface
interface PlacementCheck {

    PlacementRules.Match check(Placement placement, Node node);
}
