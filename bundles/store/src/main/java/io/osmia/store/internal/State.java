package io.osmia.store.internal;

import com.google.protobuf.Message;
import io.osmia.store.By;
import io.osmia.store.Change;
import io.osmia.store.StateDigest;
import io.osmia.store.Table;
import io.osmia.store.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All tables at one version, immutable. */
public final class State implements View {

    public static final State EMPTY =
            new State(0, Schema.ALL.stream().map(TableState::empty).toArray(TableState<?>[]::new));

    private final long version;
    // by Table.number() - 1; never written
    private final TableState<?>[] tables;
    // null until it is asked for, or derived from the state before
    private volatile @Nullable StateDigest digest;

    State(long version, TableState<?>[] tables) {
        this.version = version;
        this.tables = tables;
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public <T extends Message> @Nullable T get(Table<T> table, String id) {
        return table(table).objects().get(id);
    }

    @Override
    public <T extends Message> List<T> find(Table<T> table, By by) {
        return Query.find(table(table), by);
    }

    @Override
    public int count(Table<?> table) {
        return tables[table.number() - 1].objects().size();
    }

    @Override
    public StateDigest digest() {
        StateDigest known = digest;
        if (known == null) {
            known = StateDigest.of(this);
            digest = known;
        }
        return known;
    }

    /** Saves the pass over all objects: what came between the two states is known. */
    public void digestAfter(State before, List<Change<?>> changes) {
        digest = before.digest().after(changes);
    }

    @SuppressWarnings("unchecked") // Schema.ALL is in the order of the numbers
    <T extends Message> TableState<T> table(Table<T> table) {
        return (TableState<T>) tables[table.number() - 1];
    }

    TableState<?>[] tables() {
        return tables.clone();
    }
}
