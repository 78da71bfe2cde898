package io.osmia.store.internal;

import org.jspecify.annotations.Nullable;

/** The upper nodes of a {@link Tree}: children side by side, each with a key that none below it is less than. */
final class Inner implements Tree.Node {

    final Object[] firsts;
    final Tree.Node[] children;
    private final int size;

    private Inner(Object[] firsts, Tree.Node[] children, int size) {
        this.firsts = firsts;
        this.children = children;
        this.size = size;
    }

    private Inner(Object[] firsts, Tree.Node[] children) {
        this(firsts, children, sum(children));
    }

    static Inner of(Tree.Split split) {
        return new Inner(
                new Object[] {split.left().first(), split.right().first()},
                new Tree.Node[] {split.left(), split.right()},
                split.size());
    }

    private static int sum(Tree.Node[] children) {
        int sum = 0;
        for (Tree.Node child : children) {
            sum += child.size();
        }
        return sum;
    }

    /** The child that holds the key if any does. */
    int childFor(Object key) {
        int at = Copies.search(firsts, key);
        return at >= 0 ? at : Math.max(0, -at - 2);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Object first() {
        return firsts[0];
    }

    @Override
    public Tree.Node put(Object key, Object value) {
        int at = childFor(key);
        Tree.Node child = children[at].put(key, value);
        int grown = size - children[at].size() + child.size();
        if (!(child instanceof Tree.Split(Tree.Node left, Tree.Node right))) {
            return new Inner(withFirst(at, child), Copies.replaced(children, at, child), grown);
        }
        Object[] widerFirsts = Copies.inserted(withFirst(at, left), at + 1, right.first());
        Tree.Node[] wider = Copies.inserted(children, at + 1, right);
        wider[at] = left;
        if (wider.length <= WIDTH) {
            return new Inner(widerFirsts, wider, grown);
        }
        int half = at + 2 == wider.length ? wider.length - 1 : wider.length / 2;
        return new Tree.Split(
                new Inner(Copies.slice(widerFirsts, 0, half), Copies.slice(wider, 0, half)),
                new Inner(Copies.slice(widerFirsts, half, wider.length), Copies.slice(wider, half, wider.length)));
    }

    /** Only the first child can get a key that is less than all it had. */
    private Object[] withFirst(int at, Tree.Node child) {
        return at == 0 && child.first() != firsts[0] ? Copies.replaced(firsts, 0, child.first()) : firsts;
    }

    @Override
    public Tree.Node remove(Object key) {
        int at = childFor(key);
        Tree.Node child = children[at].remove(key);
        if (child == children[at]) {
            return this;
        }
        if (child.size() == 0) {
            return new Inner(Copies.removed(firsts, at), Copies.removed(children, at), size - 1);
        }
        Tree.Node[] changed = Copies.replaced(children, at, child);
        int left = at + 1 < changed.length ? at : at - 1;
        Tree.Node joined = left < 0 ? null : joined(changed[left], changed[left + 1]);
        if (joined == null) {
            return new Inner(firsts, changed, size - 1);
        }
        Tree.Node[] fewer = Copies.removed(changed, left + 1);
        fewer[left] = joined;
        return new Inner(Copies.removed(firsts, left + 1), fewer, size - 1);
    }

    /** Two neighbours as one, or null when they are better apart. */
    private static Tree.@Nullable Node joined(Tree.Node left, Tree.Node right) {
        if (left instanceof Leaf l && right instanceof Leaf r) {
            return l.size() + r.size() <= JOINABLE ? l.joined(r) : null;
        }
        Inner l = (Inner) left;
        Inner r = (Inner) right;
        if (l.children.length + r.children.length > JOINABLE) {
            return null;
        }
        return new Inner(Copies.joined(l.firsts, r.firsts), Copies.joined(l.children, r.children), l.size + r.size);
    }
}
