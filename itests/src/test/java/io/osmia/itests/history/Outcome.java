package io.osmia.itests.history;

/** What the client was told. */
public sealed interface Outcome {

    /** A write that was acknowledged. */
    record Done() implements Outcome {}

    /** What a read saw. */
    record Saw(State state) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}

    /** A write of which nobody said whether it happened: at once, later, or never. */
    record Unknown() implements Outcome {}

    /** Why a write was refused; a refusal tells of the state as a read does. */
    enum Refusal {
        /** An object of the name is there. */
        EXISTS,
        /** The object is not there, or another of the same name is. */
        GONE,
        /** The object is there, with another value than the one last seen. */
        OUT_OF_SEQUENCE
    }
}
