package io.osmia.constraint.node;

import io.osmia.api.NodeFacts;
import io.osmia.api.scheduling.ConstraintEvaluator.Operator;
import io.osmia.api.scheduling.NodePredicate;
import java.util.function.Function;

/** Compares a text as a whole and without regard to letter case; what is missing is the empty text (rule 3.10). */
record TextTest(String key, Function<NodeFacts, String> attribute, Operator operator, String value)
        implements NodePredicate {

    @Override
    public boolean test(NodeFacts node) {
        boolean equal = attribute.apply(node).equalsIgnoreCase(value);
        return equal == (operator == Operator.EQUAL);
    }

    @Override
    public String explain(NodeFacts node) {
        return key + " is \"" + attribute.apply(node) + "\"";
    }
}
