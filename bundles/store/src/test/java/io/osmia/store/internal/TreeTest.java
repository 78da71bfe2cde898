package io.osmia.store.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import org.junit.jupiter.api.Test;

/** Borders of the tree. */
class TreeTest {

    @Test
    void ascendingKeysFillTheirLeaves() {
        Tree<Integer, Integer> tree = Tree.empty();
        for (Integer i = 0; i < 100_000; i++) {
            tree = tree.put(i, i);
        }
        assertThat(tree.size()).isEqualTo(100_000);
        assertThat(tree.keyAt(77_777)).isEqualTo(77_777);
    }

    @Test
    void aKeyThatIsNotThereChangesNothing() {
        Tree<String, String> tree = Tree.<String, String>empty().put("a", "1");

        assertThat(tree.remove("b")).isSameAs(tree);
        assertThatThrownBy(() -> tree.cursor(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
