package io.osmia.itests.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks for one order of a history's operations in which each has the outcome that its client was told, and in which none
 * stands before one that had ended when it began. Objects do not know each other, so each is ordered on its own.
 */
public final class Linearizability {

    private final int leastSucceeded;
    private final int mostSteps;

    /** @param leastSucceeded how many operations must have succeeded for the history to count */
    public Linearizability(int leastSucceeded) {
        this(leastSucceeded, 20_000_000);
    }

    Linearizability(int leastSucceeded, int mostSteps) {
        this.leastSucceeded = leastSucceeded;
        this.mostSteps = mostSteps;
    }

    public Verdict check(History history) {
        int succeeded = history.succeeded();
        if (succeeded < leastSucceeded) {
            return new Verdict.TooFew(succeeded, leastSucceeded);
        }
        Map<String, List<Operation>> byKey = new TreeMap<>();
        for (Operation operation : history.operations()) {
            byKey.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation);
        }
        for (Map.Entry<String, List<Operation>> one : byKey.entrySet()) {
            Search search = new Search(one.getValue(), mostSteps);
            switch (search.run()) {
                case FOUND -> {}
                case NONE -> {
                    return new Verdict.NoOrder(one.getKey(), search.longest(), search.rest());
                }
                case GIVEN_UP -> {
                    return new Verdict.Undecided(one.getKey(), mostSteps);
                }
            }
        }
        return new Verdict.Fits(succeeded, byKey.size());
    }
}
