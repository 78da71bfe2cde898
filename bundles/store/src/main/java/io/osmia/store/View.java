package io.osmia.store;

import com.google.protobuf.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An immutable state of the store. Reading takes no lock and never blocks. */
public interface View {

    /** Version of the newest transaction in it; 0 when empty. */
    long version();

    /** The object, or null when there is none with that id. */
    <T extends Message> @Nullable T get(Table<T> table, String id);

    /**
     * Objects in ascending order of index key, then id (rule 1.2.6).
     *
     * @throws IllegalArgumentException {@code invalid find argument type} when the table has no such index
     */
    <T extends Message> List<T> find(Table<T> table, By by);

    /** Number of objects in the table. */
    int count(Table<?> table);

    /** What all objects add up to; equal in two states that hold the same. May cost a pass over all of them. */
    default StateDigest digest() {
        return StateDigest.of(this);
    }
}
