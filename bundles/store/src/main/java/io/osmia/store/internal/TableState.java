package io.osmia.store.internal;

import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The objects of one table and its indices, immutable. */
final class TableState<T extends Message> {

    private final Schema<T> schema;
    private final HashTrie<T> objects;
    private final Tree<String, String> ids;
    // by place in the schema: key -> postings
    private final List<Tree<Object, Object>> indices;

    private TableState(
            Schema<T> schema, HashTrie<T> objects, Tree<String, String> ids, List<Tree<Object, Object>> indices) {
        this.schema = schema;
        this.objects = objects;
        this.ids = ids;
        this.indices = indices;
    }

    static <T extends Message> TableState<T> empty(Schema<T> schema) {
        List<Tree<Object, Object>> none = schema.indices().stream()
                .map(index -> Tree.<Object, Object>empty())
                .toList();
        return new TableState<>(schema, HashTrie.empty(schema.table()::id), Tree.empty(), none);
    }

    Schema<T> schema() {
        return schema;
    }

    HashTrie<T> objects() {
        return objects;
    }

    /** The ids in order. */
    Tree<String, String> ids() {
        return ids;
    }

    Tree<Object, Object> index(IndexName name) {
        return indices.get(schema.place(name));
    }

    /** The id of another object that has the name of this one where names are unique (rule 1.2.5). */
    boolean nameIsTaken(T object) {
        Index<T> unique = schema.unique();
        if (unique == null) {
            return false;
        }
        Object owner = index(unique.name()).get(unique.keys().apply(object)[0]);
        return owner != null && !owner.equals(schema.table().id(object));
    }

    /** With the object, in the place of the one with its id if there is one. */
    TableState<T> with(T object) {
        String id = schema.table().id(object);
        T former = objects.get(id);
        Tree<String, String> allIds = former == null ? ids.put(id, id) : ids;
        return new TableState<>(schema, objects.with(object), allIds, reindexed(id, former, object));
    }

    /** Without the object of this id. */
    TableState<T> without(String id) {
        T former = objects.get(id);
        return former == null
                ? this
                : new TableState<>(schema, objects.without(id), ids.remove(id), reindexed(id, former, null));
    }

    private List<Tree<Object, Object>> reindexed(String id, @Nullable T former, @Nullable T object) {
        @SuppressWarnings("unchecked") // a private copy
        Tree<Object, Object>[] changed = indices.toArray(new Tree[0]);
        boolean any = false;
        for (int i = 0; i < changed.length; i++) {
            Index<T> index = schema.indices().get(i);
            Object[] old = former == null ? Index.NONE : index.keys().apply(former);
            Object[] now = object == null ? Index.NONE : index.keys().apply(object);
            if (!Arrays.equals(old, now)) {
                changed[i] = reindexed(changed[i], id, old, now);
                any = true;
            }
        }
        return any ? List.of(changed) : indices;
    }

    private static Tree<Object, Object> reindexed(Tree<Object, Object> index, String id, Object[] old, Object[] now) {
        Tree<Object, Object> changed = index;
        for (Object key : old) {
            Object former = changed.get(key);
            Object left = former == null ? null : Postings.without(former, id);
            changed = left == null ? changed.remove(key) : changed.put(key, left);
        }
        for (Object key : now) {
            changed = changed.put(key, Postings.with(changed.get(key), id));
        }
        return changed;
    }
}
