package io.osmia.tck;

import io.osmia.api.executor.ExecutorException;
import java.util.Map;

/** The signals that a {@link FakeMachine} knows. */
final class FakeSignals {

    static final int KILL = 9;
    static final int USR1 = 10;
    static final int TERM = 15;

    private static final Map<String, Integer> NUMBERS =
            Map.of("HUP", 1, "INT", 2, "QUIT", 3, "KILL", KILL, "USR1", USR1, "USR2", 12, "TERM", TERM);

    private FakeSignals() {}

    /** The number of a name; of an empty one, that of the default. */
    static int number(String name) throws ExecutorException {
        if (name.isEmpty()) {
            return TERM;
        }
        Integer number = NUMBERS.get(name.startsWith("SIG") ? name.substring(3) : name);
        if (number == null) {
            throw ExecutorException.permanent("fake: signal '" + name + "' is unknown");
        }
        return number;
    }
}
