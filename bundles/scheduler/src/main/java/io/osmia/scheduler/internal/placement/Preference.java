package io.osmia.scheduler.internal.placement;

import io.osmia.api.NodeFacts;
import io.osmia.wire.swarmkit.PlacementPreference;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A label over whose values the tasks are to be spread (rule 4.4.2).
 *
 * @param engine whether it is a label of the engine and not of the node
 * @param label its key
 */
record Preference(boolean engine, String label) {

    private static final String NODE = "node.labels.";
    private static final String ENGINE = "engine.labels.";

    /** The preferences of a task, the first one outermost; what is none that we know is left out. */
    static List<Preference> of(Task task) {
        return task.getSpec().getPlacement().getPreferencesList().stream()
                .map(Preference::of)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Preference> of(PlacementPreference preference) {
        String descriptor = preference.getSpread().getSpreadDescriptor();
        if (begins(descriptor, NODE)) {
            return Optional.of(new Preference(false, descriptor.substring(NODE.length())));
        }
        if (begins(descriptor, ENGINE)) {
            return Optional.of(new Preference(true, descriptor.substring(ENGINE.length())));
        }
        return Optional.empty();
    }

    private static boolean begins(String descriptor, String prefix) {
        return descriptor.length() > prefix.length() && descriptor.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /** The branch that the node belongs to; the empty one without the label. */
    String value(NodeFacts node) {
        Map<String, String> labels = engine ? node.engineLabels() : node.nodeLabels();
        return labels.getOrDefault(label, "");
    }
}
