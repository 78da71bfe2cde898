package io.osmia.store.internal;

/** The entries of a {@link Tree}. In a set, where each value is its key, both columns are one array. */
final class Leaf implements Tree.Node {

    static final Leaf EMPTY = new Leaf(new Object[0], new Object[0]);

    final Object[] keys;
    final Object[] values;

    private Leaf(Object[] keys, Object[] values) {
        this.keys = keys;
        this.values = values;
    }

    private boolean isSet() {
        return keys == values || keys.length == 0;
    }

    @Override
    public int size() {
        return keys.length;
    }

    @Override
    public Object first() {
        return keys[0];
    }

    @Override
    public Tree.Node put(Object key, Object value) {
        boolean set = isSet() && key == value;
        int at = Copies.search(keys, key);
        if (at >= 0) {
            Object[] replaced = Copies.replaced(values, at, value);
            return new Leaf(set ? replaced : keys, replaced);
        }
        int place = -at - 1;
        Object[] widerKeys = Copies.inserted(keys, place, key);
        Object[] widerValues = set ? widerKeys : Copies.inserted(values, place, value);
        if (widerKeys.length <= WIDTH) {
            return new Leaf(widerKeys, widerValues);
        }
        int half = halfOf(place, widerKeys.length);
        return new Tree.Split(
                slice(widerKeys, widerValues, 0, half), slice(widerKeys, widerValues, half, widerKeys.length));
    }

    /** The middle; but ascending keys, the way things are often created, leave full leaves behind. */
    private static int halfOf(int place, int length) {
        return place == length - 1 ? length - 1 : length / 2;
    }

    private static Leaf slice(Object[] keys, Object[] values, int from, int to) {
        Object[] some = Copies.slice(keys, from, to);
        return new Leaf(some, keys == values ? some : Copies.slice(values, from, to));
    }

    @Override
    public Tree.Node remove(Object key) {
        int at = Copies.search(keys, key);
        if (at < 0) {
            return this;
        }
        Object[] fewer = Copies.removed(keys, at);
        return new Leaf(fewer, isSet() ? fewer : Copies.removed(values, at));
    }

    Leaf joined(Leaf right) {
        Object[] all = Copies.joined(keys, right.keys);
        return new Leaf(all, isSet() && right.isSet() ? all : Copies.joined(values, right.values));
    }
}
