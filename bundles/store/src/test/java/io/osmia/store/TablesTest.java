package io.osmia.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import com.google.protobuf.Message;
import io.osmia.store.StoreException.Reason;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** STO-001: what all tables have in common. */
class TablesTest {

    private final LocalStore store = new LocalStore(() -> Instant.EPOCH);

    /** A table, how to make an object of it from id and name, and whether its names are unique. */
    record Kind<T extends Message>(Table<T> table, BiFunction<String, String, T> make, boolean unique) {

        @Override
        public String toString() {
            return table.kind();
        }
    }

    static Stream<Kind<?>> kinds() {
        return Stream.of(
                new Kind<>(Table.NODES, Samples::node, false),
                new Kind<>(Table.SERVICES, Samples::service, true),
                new Kind<>(
                        Table.TASKS,
                        (id, name) -> Samples.task(id, "service", 1, "node").toBuilder()
                                .setAnnotations(Samples.named(name))
                                .build(),
                        false),
                new Kind<>(Table.NETWORKS, Samples::network, true),
                new Kind<>(Table.CLUSTERS, Samples::cluster, true),
                new Kind<>(Table.SECRETS, Samples::secret, true),
                new Kind<>(Table.CONFIGS, Samples::config, true),
                new Kind<>(Table.VOLUMES, Samples::volume, true),
                new Kind<>(Table.EXTENSIONS, Samples::extension, true),
                new Kind<>(Table.RESOURCES, (id, name) -> Samples.resource(id, name, "kind"), true));
    }

    private <T extends Message> void given(Kind<T> kind, String... idsAndNames) {
        store.update(1, tx -> {
            if (kind.table() == (Object) Table.RESOURCES) {
                tx.create(Table.EXTENSIONS, Samples.extension("extension", "kind"));
            }
            for (int i = 0; i < idsAndNames.length; i += 2) {
                tx.create(kind.table(), kind.make().apply(idsAndNames[i], idsAndNames[i + 1]));
            }
            return 0;
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("STO-001 create, get, update, delete")
    <T extends Message> void objectsLiveFromCreateToDelete(Kind<T> kind) {
        given(kind, "id1", "one");

        T stored = store.view().get(kind.table(), "id1");
        assertThat(stored).isNotNull();
        assertThat(store.view().count(kind.table())).isEqualTo(1);
        if (kind.table() != (Object) Table.EXTENSIONS) {
            T updated = store.update(1, tx -> tx.update(kind.table(), stored));
            assertThat(store.view().get(kind.table(), "id1")).isSameAs(updated);
        }
        store.update(1, tx -> {
            tx.delete(kind.table(), "id1");
            return 0;
        });
        assertThat(store.view().get(kind.table(), "id1")).isNull();
        assertThat(store.view().find(kind.table(), By.ALL)).isEmpty();
        assertThat(store.view().find(kind.table(), By.name("one"))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("STO-001 find by name and prefixes, in order, without regard to letter case")
    <T extends Message> void objectsAreFoundByNameAndPrefix(Kind<T> kind) {
        given(kind, "b2", "Alpha", "a1", "alpine", "b1", "beta");

        assertThat(ids(kind, By.ALL)).containsExactly("a1", "b1", "b2");
        assertThat(ids(kind, By.name("ALPHA"))).containsExactly("b2");
        assertThat(ids(kind, By.name("alp"))).isEmpty();
        assertThat(ids(kind, By.namePrefix("aLp"))).containsExactly("b2", "a1");
        assertThat(ids(kind, By.idPrefix("b"))).containsExactly("b1", "b2");
        assertThat(ids(kind, By.idPrefix("b1x"))).isEmpty();
        assertThat(ids(kind, By.idPrefix(""))).containsExactly("a1", "b1", "b2");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("STO-001 duplicates and unknown ids are refused")
    <T extends Message> void duplicatesAndUnknownIdsAreRefused(Kind<T> kind) {
        given(kind, "id1", "one");

        refuses(Reason.EXISTS, tx -> tx.create(kind.table(), kind.make().apply("id1", "two")));
        refuses(Reason.NOT_EXIST, tx -> tx.update(kind.table(), kind.make().apply("id2", "two")));
        refuses(Reason.NOT_EXIST, tx -> {
            tx.delete(kind.table(), "id2");
            return 0;
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("STO-001 names conflict without regard to letter case where they are unique")
    <T extends Message> void uniqueNamesConflict(Kind<T> kind) {
        given(kind, "id1", "one", "id2", "two");

        if (kind.unique()) {
            refuses(Reason.NAME_CONFLICT, tx -> tx.create(kind.table(), kind.make().apply("id3", "ONE")));
        } else {
            store.update(1, tx -> tx.create(kind.table(), kind.make().apply("id3", "ONE")));
            assertThat(ids(kind, By.name("one"))).containsExactly("id1", "id3");
        }
        if (kind.unique() && kind.table() != (Object) Table.EXTENSIONS) {
            T stored = store.view().get(kind.table(), "id2");
            T renamed = kind.table().withMeta(kind.make().apply("id2", "One"), kind.table().meta(stored));
            refuses(Reason.NAME_CONFLICT, tx -> tx.update(kind.table(), renamed));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("STO-001 a name is free again once its object has another or is gone")
    <T extends Message> void namesAreFreedWithTheirObject(Kind<T> kind) {
        given(kind, "id1", "one");

        store.update(1, tx -> {
            tx.delete(kind.table(), "id1");
            return tx.create(kind.table(), kind.make().apply("id2", "one"));
        });
        assertThat(ids(kind, By.name("one"))).containsExactly("id2");
    }

    private void refuses(Reason reason, java.util.function.Function<Tx, Object> body) {
        assertThatThrownBy(() -> store.update(1, body))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessage(reason.text());
    }

    private <T extends Message> Stream<String> ids(Kind<T> kind, By by) {
        return store.view().find(kind.table(), by).stream().map(kind.table()::id);
    }
}
