package io.osmia.store.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The tree against a map of the JDK. */
class TreePropertyTest {

    @Property(tries = 60)
    void aTreeIsAnOrderedMap(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3000) int keys) {
        Random random = new Random(seed);
        Tree<Integer, String> tree = Tree.empty();
        TreeMap<Integer, String> model = new TreeMap<>();
        Tree<Integer, String> oldTree = tree;
        Map<Integer, String> oldModel = Map.of();
        for (int i = 0; i < 6000; i++) {
            int key = random.nextInt(keys);
            // grows in the first half, shrinks in the second
            if (random.nextInt(10) < (i < 3000 ? 7 : 3)) {
                tree = tree.put(key, "v" + i);
                model.put(key, "v" + i);
            } else {
                tree = tree.remove(key);
                model.remove(key);
            }
            if (i == 2500) {
                oldTree = tree;
                oldModel = new TreeMap<>(model);
            }
            assertThat(tree.size()).isEqualTo(model.size());
            assertThat(tree.get(key)).isEqualTo(model.get(key));
        }
        same(tree, model, random.nextInt(keys));
        same(oldTree, new TreeMap<>(oldModel), random.nextInt(keys));
        for (Integer key : List.copyOf(model.keySet())) {
            tree = tree.remove(key);
        }
        assertThat(tree.isEmpty()).isTrue();
        assertThat(tree.cursor(0).hasNext()).isFalse();
    }

    private static void same(Tree<Integer, String> tree, TreeMap<Integer, String> model, int key) {
        int rank = tree.rank(key);
        assertThat(rank).isEqualTo(model.headMap(key).size());
        List<String> values = new ArrayList<>();
        List<Integer> keys = new ArrayList<>();
        Cursor<Integer, String> cursor = tree.cursor(rank);
        while (cursor.hasNext()) {
            keys.add(cursor.next());
            values.add(cursor.value());
        }
        assertThat(keys).isEqualTo(List.copyOf(model.tailMap(key).keySet()));
        assertThat(values).isEqualTo(List.copyOf(model.tailMap(key).values()));
        int index = 0;
        for (Integer expected : model.keySet()) {
            assertThat(tree.keyAt(index++)).isEqualTo(expected);
        }
    }

    @Property(tries = 40)
    void aSetOfStringsStaysASet(@ForAll long seed) {
        Random random = new Random(seed);
        Tree<String, String> tree = Tree.empty();
        TreeMap<String, String> model = new TreeMap<>();
        for (int i = 0; i < 2000; i++) {
            String key = "k" + random.nextInt(500);
            if (random.nextInt(3) > 0) {
                tree = tree.put(key, key);
                model.put(key, key);
            } else {
                tree = tree.remove(key);
                model.remove(key);
            }
        }
        List<String> keys = new ArrayList<>();
        tree.cursor(0).forEachRemaining(keys::add);
        assertThat(keys).isEqualTo(List.copyOf(model.keySet()));
        for (String key : keys) {
            assertThat(tree.get(key)).isEqualTo(key);
        }
    }
}
