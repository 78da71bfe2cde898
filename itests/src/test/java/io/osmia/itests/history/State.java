package io.osmia.itests.history;

/**
 * State of one named object. Every write of a history carries another value, so a value stands for a version too.
 *
 * @param born value that it was created with, which updates keep; 0 for an object that is not there
 * @param value value of the last write; 0 for an object that is not there
 */
public record State(long born, long value) {

    public static final State ABSENT = new State(0, 0);

    public State {
        if ((born == 0) != (value == 0) || born < 0 || value < 0) {
            throw new IllegalArgumentException("no state: born " + born + ", value " + value);
        }
    }

    public boolean isAbsent() {
        return value == 0;
    }
}
