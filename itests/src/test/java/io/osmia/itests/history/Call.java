package io.osmia.itests.history;

/** What a client asked of one named object. */
public sealed interface Call {

    /** The object is to be there with this value; refused when one of the name is. */
    record Create(long value) implements Call {}

    /** A versioned update of the object that was born with this value and was last seen with that one. */
    record Update(long born, long from, long to) implements Call {}

    /** The object that was born with this value is to go, whatever its value is now. */
    record Remove(long born) implements Call {}

    record Read() implements Call {}
}
