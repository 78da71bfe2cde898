package io.osmia.store.internal;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Walks a {@link Tree} in ascending order; {@link #value} belongs to the key that {@link #next} returned last. */
public final class Cursor<K, V> implements Iterator<K> {

    private final ArrayDeque<Step> path = new ArrayDeque<>(4);
    private Leaf leaf = Leaf.EMPTY;
    private int next;

    Cursor(Tree.Node root, int from) {
        if (from < 0 || from > root.size()) {
            throw new IndexOutOfBoundsException(from);
        }
        if (from < root.size()) {
            descend(root, from);
        }
    }

    private void descend(Tree.Node node, int from) {
        int left = from;
        Tree.Node at = node;
        while (at instanceof Inner inner) {
            int child = 0;
            while (left >= inner.children[child].size()) {
                left -= inner.children[child].size();
                child++;
            }
            path.push(new Step(inner, child));
            at = inner.children[child];
        }
        leaf = (Leaf) at;
        next = left;
    }

    @Override
    public boolean hasNext() {
        while (next == leaf.keys.length) {
            Step step = path.poll();
            if (step == null) {
                return false;
            }
            int sibling = step.child + 1;
            if (sibling < step.inner.children.length) {
                path.push(new Step(step.inner, sibling));
                descend(step.inner.children[sibling], 0);
            }
        }
        return true;
    }

    @Override
    @SuppressWarnings("unchecked") // the tree's put() fills the leaves
    public K next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return (K) leaf.keys[next++];
    }

    @SuppressWarnings("unchecked") // the tree's put() fills the leaves
    public V value() {
        return (V) leaf.values[next - 1];
    }

    private record Step(Inner inner, int child) {}
}
