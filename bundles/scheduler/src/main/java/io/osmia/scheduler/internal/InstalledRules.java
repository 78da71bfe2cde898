package io.osmia.scheduler.internal;

import io.osmia.api.NodeFacts;
import io.osmia.scheduler.PlacementRules;
import io.osmia.scheduler.internal.cluster.Facts;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Placement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The rules by the evaluators that are installed. */
@Component
public final class InstalledRules implements PlacementRules {

    private static final int REMEMBERED = 10_000;

    private final PlacementPlugins plugins;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /** The facts of one form of a node. */
    private record Known(Node node, NodeFacts facts) {}

    @Activate
    public InstalledRules(@Reference PlacementPlugins plugins) {
        this.plugins = plugins;
    }

    @Override
    public Match check(Placement placement, Node node) {
        return placement.getConstraintsCount() == 0
                ? Match.YES
                : plugins.current().compile(placement.getConstraintsList()).check(facts(node));
    }

    @Override
    public NodeFacts facts(Node node) {
        @Nullable Known last = known.get(node.getId());
        if (last != null && last.node() == node) {
            return last.facts();
        }
        NodeFacts facts = Facts.of(node);
        if (known.size() >= REMEMBERED) {
            known.clear();
        }
        known.put(node.getId(), new Known(node, facts));
        return facts;
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return plugins.onChange(listener);
    }
}
