package io.osmia.api.scheduling;

import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Gives meaning to placement constraints {@code key==value} and {@code key!=value} whose keys it owns. Keys are compared
 * without regard to letter case; of several owners the longest key or prefix wins.
 */
@ConsumerType
public interface ConstraintEvaluator {

    /** Keys ({@code node.id}) and prefixes ending in a dot ({@code node.labels.}) that this evaluator owns, lower case. */
    Set<String> keys();

    /**
     * Compiles one expression. Called when a spec is submitted and when it is first used for placement, not per node.
     *
     * @param key the key as written; a label key below a prefix keeps its letter case (rule 3.10)
     * @param operator the comparison
     * @param value the value as written, trimmed
     * @return the test
     * @throws IllegalArgumentException when the expression can never be evaluated; the message goes to the user and says
     *     what is wrong with which part
     */
    NodePredicate compile(String key, Operator operator, String value);

    /** Comparison of a constraint. */
    enum Operator {
        /** {@code ==} */
        EQUAL,
        /** {@code !=} */
        NOT_EQUAL
    }
}
