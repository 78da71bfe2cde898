package io.osmia.store.internal;

import java.util.AbstractList;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;

/** The objects of a range of ids as a list, without a copy. */
final class ObjectList<T> extends AbstractList<T> {

    private final Tree<String, String> ids;
    private final int from;
    private final int to;
    private final HashTrie<T> objects;

    ObjectList(Tree<String, String> ids, HashTrie<T> objects) {
        this(ids, 0, ids.size(), objects);
    }

    ObjectList(Tree<String, String> ids, int from, int to, HashTrie<T> objects) {
        this.ids = ids;
        this.from = from;
        this.to = to;
        this.objects = objects;
    }

    @Override
    public int size() {
        return to - from;
    }

    @Override
    public T get(int index) {
        return object(ids.keyAt(from + Objects.checkIndex(index, size())));
    }

    @Override
    public Iterator<T> iterator() {
        Cursor<String, String> cursor = ids.cursor(from);
        return new Iterator<>() {

            private int left = size();

            @Override
            public boolean hasNext() {
                return left > 0;
            }

            @Override
            public T next() {
                if (left <= 0) {
                    throw new NoSuchElementException();
                }
                left--;
                return object(cursor.next());
            }
        };
    }

    private T object(String id) {
        return Objects.requireNonNull(objects.get(id));
    }
}
