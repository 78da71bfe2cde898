package io.osmia.store.internal;

import org.jspecify.annotations.Nullable;

/**
 * The ids under one key of an index: the id itself while it is the only one, else a set of ids. Most keys of most indices
 * have one id, and a set costs ten times as much.
 */
final class Postings {

    private Postings() {}

    static Object with(@Nullable Object former, String id) {
        if (former == null || former.equals(id)) {
            return id;
        }
        if (former instanceof String only) {
            return Tree.<String, String>empty().put(only, only).put(id, id);
        }
        return ids(former).put(id, id);
    }

    /** Null when no id is left. */
    static @Nullable Object without(Object former, String id) {
        if (former instanceof String only) {
            return only.equals(id) ? null : only;
        }
        Tree<String, String> left = ids(former).remove(id);
        return left.size() == 1 ? left.keyAt(0) : left;
    }

    @SuppressWarnings("unchecked") // anything but a string
    static Tree<String, String> ids(Object postings) {
        return postings instanceof String only
                ? Tree.<String, String>empty().put(only, only)
                : (Tree<String, String>) postings;
    }
}
