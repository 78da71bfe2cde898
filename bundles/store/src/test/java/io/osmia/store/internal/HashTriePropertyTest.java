package io.osmia.store.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The trie against a map of the JDK. */
class HashTriePropertyTest {

    private record Entry(String id, int value) {}

    /** Strings of the same hash: each of three places may read Aa or BB. */
    private static String id(Random random, int range) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            id.append(random.nextBoolean() ? "Aa" : "BB");
        }
        return id.append(random.nextInt(range)).toString();
    }

    @Property(tries = 60)
    void aTrieIsAMapAlsoWhereHashesCollide(@ForAll long seed) {
        Random random = new Random(seed);
        int range = 1 + random.nextInt(300);
        HashTrie<Entry> trie = HashTrie.empty(Entry::id);
        Map<String, Entry> model = new HashMap<>();
        HashTrie<Entry> old = trie;
        Map<String, Entry> oldModel = Map.of();
        for (int i = 0; i < 4000; i++) {
            String id = id(random, range);
            if (random.nextInt(10) < (i < 2000 ? 7 : 3)) {
                trie = trie.with(new Entry(id, i));
                model.put(id, new Entry(id, i));
            } else {
                trie = trie.without(id);
                model.remove(id);
            }
            if (i == 1500) {
                old = trie;
                oldModel = Map.copyOf(model);
            }
            assertThat(trie.size()).isEqualTo(model.size());
        }
        same(trie, model);
        same(old, oldModel);
        for (String id : model.keySet()) {
            trie = trie.without(id);
            assertThat(trie.get(id)).isNull();
        }
        assertThat(trie.size()).isZero();
    }

    private static void same(HashTrie<Entry> trie, Map<String, Entry> model) {
        assertThat(trie.size()).isEqualTo(model.size());
        model.forEach((id, entry) -> assertThat(trie.get(id)).isEqualTo(entry));
        assertThat(trie.get("AaAaAa-none")).isNull();
    }
}
