package io.osmia.constraint.engine;

import io.osmia.api.NodeFacts;
import io.osmia.api.scheduling.ConstraintEvaluator;
import io.osmia.api.scheduling.NodePredicate;
import java.util.Set;
import org.osgi.service.component.annotations.Component;

/** Constraints on the labels that a node's engine reports of itself (rule 3.10). */
@Component
public final class EngineLabelConstraints implements ConstraintEvaluator {

    private static final String LABELS = "engine.labels.";

    @Override
    public Set<String> keys() {
        return Set.of(LABELS);
    }

    @Override
    public NodePredicate compile(String key, Operator operator, String value) {
        if (key.length() <= LABELS.length() || !key.regionMatches(true, 0, LABELS, 0, LABELS.length())) {
            throw new IllegalArgumentException("key '" + key + "' is not known");
        }
        return new LabelTest(key.substring(LABELS.length()), operator, value);
    }

    /** Compares one label as a whole, without regard to letter case; a missing one is the empty text. */
    private record LabelTest(String label, Operator operator, String value) implements NodePredicate {

        @Override
        public boolean test(NodeFacts node) {
            return found(node).equalsIgnoreCase(value) == (operator == Operator.EQUAL);
        }

        @Override
        public String explain(NodeFacts node) {
            return LABELS + label + " is \"" + found(node) + "\"";
        }

        private String found(NodeFacts node) {
            return node.engineLabels().getOrDefault(label, "");
        }
    }
}
