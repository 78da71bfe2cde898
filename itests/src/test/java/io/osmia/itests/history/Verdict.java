package io.osmia.itests.history;

import java.util.List;
import java.util.stream.Collectors;

/** What a check of a history came to. */
public sealed interface Verdict {

    /** There is an order for every object. */
    record Fits(int succeeded, int keys) implements Verdict {}

    /** Too little was done for the history to say anything. */
    record TooFew(int succeeded, int wanted) implements Verdict {}

    /**
     * No order explains what was told of this object.
     *
     * @param explained the longest order that was found
     * @param rest what could not be put behind it, in the order in which it was asked
     */
    record NoOrder(String key, List<Operation> explained, List<Operation> rest) implements Verdict {

        @Override
        public String toString() {
            return "no order explains what was told of " + key + "\nas far as it goes:\n" + lines(explained)
                    + "\nand then:\n"
                    + lines(rest);
        }

        private static String lines(List<Operation> operations) {
            return operations.stream().map(o -> "  " + Notation.line(o)).collect(Collectors.joining("\n"));
        }
    }

    /** The search was given up: that is no proof of anything. */
    record Undecided(String key, int steps) implements Verdict {}
}
