package io.osmia.store;

import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

/**
 * One object that a transaction created, updated or removed.
 *
 * @param table its table
 * @param kind what happened
 * @param object the new object; for a removal the last one
 * @param former the object before an update; null otherwise
 */
public record Change<T extends Message>(Table<T> table, Kind kind, T object, @Nullable T former) {

    /** What happened to the object. */
    public enum Kind {
        CREATE,
        UPDATE,
        REMOVE
    }

    public String id() {
        return table.id(object);
    }
}
