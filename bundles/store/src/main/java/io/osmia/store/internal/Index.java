package io.osmia.store.internal;

import com.google.protobuf.Message;
import java.util.function.Function;

/**
 * Definition of an index.
 *
 * @param name which
 * @param unique whether a key may stand for one object only
 * @param keys the keys of an object; few, each once
 */
record Index<T extends Message>(IndexName name, boolean unique, Function<T, Object[]> keys) {

    static final Object[] NONE = new Object[0];

    static <T extends Message> Index<T> one(IndexName name, Function<T, Object> key) {
        return new Index<>(name, false, object -> new Object[] {key.apply(object)});
    }

    static <T extends Message> Index<T> many(IndexName name, Function<T, Object[]> keys) {
        return new Index<>(name, false, keys);
    }

    static <T extends Message> Index<T> unique(IndexName name, Function<T, Object> key) {
        return new Index<>(name, true, object -> new Object[] {key.apply(object)});
    }
}
