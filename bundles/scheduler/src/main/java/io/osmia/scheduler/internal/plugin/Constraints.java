package io.osmia.scheduler.internal.plugin;

import io.osmia.api.NodeFacts;
import io.osmia.api.scheduling.NodePredicate;
import io.osmia.scheduler.PlacementRules.Match;
import java.util.List;
import java.util.Optional;

/**
 * The constraints of a placement, ready to be asked.
 *
 * @param tests one per expression, all of which must hold
 */
public record Constraints(List<Test> tests) {

    /** Holds for every node. */
    public static final Constraints NONE = new Constraints(List.of());

    public Constraints {
        tests = List.copyOf(tests);
    }

    /** Judges a node; a miss that is certain outweighs what nobody can tell. */
    public Match check(NodeFacts node) {
        Match match = Match.YES;
        for (Test test : tests) {
            switch (test.check(node)) {
                case NO -> {
                    return Match.NO;
                }
                case UNKNOWN -> match = Match.UNKNOWN;
                case YES -> {}
            }
        }
        return match;
    }

    /** Why an expression can be judged by nobody now; empty when all can. */
    public Optional<String> obstacle() {
        return tests.stream()
                .filter(Unjudged.class::isInstance)
                .map(test -> ((Unjudged) test).reason())
                .findFirst();
    }

    /** One expression. */
    sealed interface Test {

        Match check(NodeFacts node);
    }

    /** An expression that an evaluator gave a meaning. */
    record Compiled(NodePredicate predicate) implements Test {

        @Override
        public Match check(NodeFacts node) {
            try {
                return predicate.test(node) ? Match.YES : Match.NO;
            } catch (RuntimeException | LinkageError e) {
                // an evaluator that fails, perhaps because it is just being replaced, says nothing about the node
                return Match.UNKNOWN;
            }
        }
    }

    /** An expression that has no meaning now. */
    record Unjudged(String reason) implements Test {

        @Override
        public Match check(NodeFacts node) {
            return Match.UNKNOWN;
        }
    }
}
