package io.osmia.api.scheduling;

import io.osmia.api.scheduling.ConstraintEvaluator.Operator;
import java.util.regex.Pattern;

/**
 * A placement constraint as users write it, taken apart (rule 1.4.3): {@code node.labels.zone == a}. What the key means is a
 * matter of the {@link ConstraintEvaluator} that owns it.
 *
 * @param key the key as written, without blanks around it
 * @param operator the comparison
 * @param value the value as written, without blanks around it
 */
public record ConstraintExpression(String key, Operator operator, String value) {

    private static final Pattern KEY = Pattern.compile("[a-z_][a-z0-9\\-_.]+", Pattern.CASE_INSENSITIVE);
    private static final Pattern VALUE =
            Pattern.compile("[a-z0-9:\\-_ \\t\\n\\f\\r.*()?+\\[\\]\\\\^$|/]+", Pattern.CASE_INSENSITIVE);

    /**
     * Takes an expression apart.
     *
     * @throws IllegalArgumentException when it is not one; the message is the one that clients know
     */
    public static ConstraintExpression parse(String text) {
        int equal = text.indexOf("==");
        if (equal >= 0) {
            return of(text, equal, Operator.EQUAL);
        }
        int different = text.indexOf("!=");
        if (different >= 0) {
            return of(text, different, Operator.NOT_EQUAL);
        }
        throw new IllegalArgumentException("constraint expected one operator from ==, !=");
    }

    private static ConstraintExpression of(String text, int at, Operator operator) {
        String key = text.substring(0, at).strip();
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("key '" + key + "' is invalid");
        }
        String value = text.substring(at + 2).strip();
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("value '" + value + "' is invalid");
        }
        return new ConstraintExpression(key, operator, value);
    }

    /** The expression in its plain form. */
    @Override
    public String toString() {
        return key + (operator == Operator.EQUAL ? "==" : "!=") + value;
    }
}
