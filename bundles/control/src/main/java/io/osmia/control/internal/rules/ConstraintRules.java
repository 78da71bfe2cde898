package io.osmia.control.internal.rules;

import io.osmia.api.scheduling.ConstraintExpression;
import java.util.Optional;

/** Syntax of placement constraints (rules 1.4.3 and 12.6). */
final class ConstraintRules {

    private ConstraintRules() {}

    static Optional<Refusal> check(String expression) {
        try {
            ConstraintExpression.parse(expression);
            return Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.of(Refusal.invalid(String.valueOf(malformed.getMessage())));
        }
    }
}
