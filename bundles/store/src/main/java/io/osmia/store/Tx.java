package io.osmia.store;

import com.google.protobuf.Message;

/**
 * One transaction: sees the newest state including those still in flight, and its own changes. Valid only inside its body,
 * on its thread. A body is short, does no I/O and has no effect but through this object.
 */
public interface Tx extends View {

    /**
     * Adds an object whose meta is set by the store (1.1.3).
     *
     * @return the object as it will be stored
     * @throws StoreException EXISTS, NAME_CONFLICT, NO_KIND
     */
    <T extends Message> T create(Table<T> table, T object);

    /**
     * Replaces an object.
     *
     * @param object its meta.version must be that of the stored object (1.1.5)
     * @return the object as it will be stored
     * @throws StoreException NOT_EXIST, OUT_OF_SEQUENCE, NAME_CONFLICT, EXTENSION_IMMUTABLE
     */
    <T extends Message> T update(Table<T> table, T object);

    /**
     * Removes an object.
     *
     * @throws StoreException NOT_EXIST, EXTENSION_IN_USE
     */
    <T extends Message> void delete(Table<T> table, String id);
}
