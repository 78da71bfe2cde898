package io.osmia.store.internal;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An immutable ordered map of keys that can be compared with each other: each change gives a new tree that shares all but
 * one path with the former. A B-tree whose entries stand in the leaves; inner nodes know the sizes below them, so that the
 * n-th entry is found as fast as a key.
 *
 * <p>Nodes are copied whole on each change. They are small enough that this costs less than the bookkeeping of nodes that
 * may be written in place, and every former tree stays valid: a savepoint is a reference.
 */
public final class Tree<K, V> {

    private static final Tree<?, ?> EMPTY = new Tree<>(Leaf.EMPTY);

    private final Node root;

    private Tree(Node root) {
        this.root = root;
    }

    @SuppressWarnings("unchecked") // holds nothing
    public static <K, V> Tree<K, V> empty() {
        return (Tree<K, V>) EMPTY;
    }

    public int size() {
        return root.size();
    }

    public boolean isEmpty() {
        return root.size() == 0;
    }

    @SuppressWarnings("unchecked") // only put() fills leaves
    public @Nullable V get(K key) {
        Node node = root;
        while (node instanceof Inner inner) {
            node = inner.children[inner.childFor(key)];
        }
        Leaf leaf = (Leaf) node;
        int at = Copies.search(leaf.keys, key);
        return at < 0 ? null : (V) leaf.values[at];
    }

    /** With the value at the key, whether or not there was one. */
    public Tree<K, V> put(K key, V value) {
        Node grown = root.put(key, value);
        return new Tree<>(grown instanceof Split split ? Inner.of(split) : grown);
    }

    /** Without the key; the same tree when it was not there. */
    public Tree<K, V> remove(K key) {
        Node shrunk = root.remove(key);
        if (shrunk == root) {
            return this;
        }
        while (shrunk instanceof Inner inner && inner.children.length == 1) {
            shrunk = inner.children[0];
        }
        return shrunk.size() == 0 ? empty() : new Tree<>(shrunk);
    }

    /** How many keys are less than this one. */
    public int rank(K key) {
        int before = 0;
        Node node = root;
        while (node instanceof Inner inner) {
            int child = inner.childFor(key);
            for (int i = 0; i < child; i++) {
                before += inner.children[i].size();
            }
            node = inner.children[child];
        }
        int at = Copies.search(((Leaf) node).keys, key);
        return before + (at < 0 ? -at - 1 : at);
    }

    /** The entries from the n-th on. */
    public Cursor<K, V> cursor(int from) {
        return new Cursor<>(root, from);
    }

    public K keyAt(int index) {
        return this.<K>at(index, leaf -> leaf.keys);
    }

    public V valueAt(int index) {
        return this.<V>at(index, leaf -> leaf.values);
    }

    @SuppressWarnings("unchecked") // only put() fills leaves
    private <T> T at(int index, Function<Leaf, Object[]> column) {
        int left = index;
        Node node = root;
        while (node instanceof Inner inner) {
            int child = 0;
            while (left >= inner.children[child].size()) {
                left -= inner.children[child].size();
                child++;
            }
            node = inner.children[child];
        }
        return (T) column.apply((Leaf) node)[left];
    }

    /** A node; {@link Split} is what an insertion hands up when a node became too wide. */
    sealed interface Node permits Leaf, Inner, Split {

        /** Most entries of a leaf and most children of an inner node. */
        int WIDTH = 32;

        /** Neighbours with no more than this between them become one. */
        int JOINABLE = WIDTH * 3 / 4;

        /** Number of entries below. */
        int size();

        /** A key that no key below is less than. */
        Object first();

        Node put(Object key, Object value);

        /** The node without the key, maybe empty; the same node when it was not there. */
        Node remove(Object key);
    }

    /** Two nodes in the place of one. */
    record Split(Node left, Node right) implements Node {

        @Override
        public int size() {
            return left.size() + right.size();
        }

        @Override
        public Object first() {
            return left.first();
        }

        @Override
        public Node put(Object key, Object value) {
            throw new IllegalStateException("a split is not part of a tree");
        }

        @Override
        public Node remove(Object key) {
            throw new IllegalStateException("a split is not part of a tree");
        }
    }
}
