package io.osmia.store.internal;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.osmia.store.By;
import io.osmia.store.Change;
import io.osmia.store.StoreException;
import io.osmia.store.StoreException.Reason;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.Meta;
import io.osmia.wire.swarmkit.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A transaction while its body runs. */
public final class Draft implements Tx, AutoCloseable {

    /** What an action costs beside its object: kind, tags and lengths, rounded up. */
    private static final int ACTION_OVERHEAD = 16;

    private final long base;
    private final TableState<?>[] tables;
    private final Version version;
    private final Timestamp now;
    private final List<Change<?>> changes = new ArrayList<>();
    private int size;
    private boolean open = true;

    public Draft(State base, Instant now) {
        this.base = base.version();
        this.tables = base.tables();
        this.version = Version.newBuilder().setIndex(this.base + 1).build();
        this.now = Timestamp.newBuilder()
                .setSeconds(now.getEpochSecond())
                .setNanos(now.getNano())
                .build();
    }

    @Override
    public long version() {
        return base;
    }

    @Override
    public <T extends Message> @Nullable T get(Table<T> table, String id) {
        return state(table).objects().get(id);
    }

    @Override
    public <T extends Message> List<T> find(Table<T> table, By by) {
        return Query.find(state(table), by);
    }

    @Override
    public int count(Table<?> table) {
        return tables[table.number() - 1].objects().size();
    }

    @Override
    public <T extends Message> T create(Table<T> table, T object) {
        TableState<T> state = writable(table);
        if (table.id(object).isEmpty()) {
            throw new IllegalArgumentException(table + " without an id");
        }
        if (state.objects().get(table.id(object)) != null) {
            throw new StoreException(Reason.EXISTS);
        }
        Rules.beforeCreate(this, object);
        Meta meta = Meta.newBuilder()
                .setVersion(version)
                .setCreatedAt(now)
                .setUpdatedAt(now)
                .build();
        return put(state, Change.Kind.CREATE, table.withMeta(object, meta), null);
    }

    @Override
    public <T extends Message> T update(Table<T> table, T object) {
        TableState<T> state = writable(table);
        T former = state.objects().get(table.id(object));
        if (former == null) {
            throw new StoreException(Reason.NOT_EXIST);
        }
        Meta formerMeta = table.meta(former);
        if (!table.meta(object).getVersion().equals(formerMeta.getVersion())) {
            throw new StoreException(Reason.OUT_OF_SEQUENCE);
        }
        Rules.beforeUpdate(this, object);
        Meta meta = formerMeta.toBuilder().setVersion(version).setUpdatedAt(now).build();
        return put(state, Change.Kind.UPDATE, table.withMeta(object, meta), former);
    }

    private <T extends Message> T put(TableState<T> state, Change.Kind kind, T object, @Nullable T former) {
        if (state.nameIsTaken(object)) {
            throw new StoreException(Reason.NAME_CONFLICT);
        }
        Table<T> table = state.schema().table();
        tables[table.number() - 1] = state.with(object);
        record(new Change<>(table, kind, object, former), object.getSerializedSize());
        return object;
    }

    @Override
    public <T extends Message> void delete(Table<T> table, String id) {
        TableState<T> state = writable(table);
        T last = state.objects().get(id);
        if (last == null) {
            throw new StoreException(Reason.NOT_EXIST);
        }
        Rules.beforeDelete(this, last);
        tables[table.number() - 1] = state.without(id);
        record(new Change<>(table, Change.Kind.REMOVE, last, null), id.length());
    }

    private void record(Change<?> change, int bytes) {
        changes.add(change);
        size += bytes + ACTION_OVERHEAD;
    }

    /** The changes so far, in order. */
    public List<Change<?>> changes() {
        return List.copyOf(changes);
    }

    public int changeCount() {
        return changes.size();
    }

    /** Bytes that the changes will take in the log, a little too many. */
    public int size() {
        return size;
    }

    /** The state with all changes. */
    public State state() {
        return new State(version.getIndex(), tables.clone());
    }

    /** Nothing can be changed from now on. */
    @Override
    public void close() {
        open = false;
    }

    /** A point that {@link #rollback} can return to. */
    public Savepoint savepoint() {
        return new Savepoint(tables.clone(), changes.size(), size);
    }

    /** Undoes what was changed after the savepoint. */
    public void rollback(Savepoint savepoint) {
        System.arraycopy(savepoint.tables, 0, tables, 0, tables.length);
        changes.subList(savepoint.changes, changes.size()).clear();
        size = savepoint.size;
    }

    @SuppressWarnings("unchecked") // Schema.ALL is in the order of the numbers
    private <T extends Message> TableState<T> state(Table<T> table) {
        return (TableState<T>) tables[table.number() - 1];
    }

    private <T extends Message> TableState<T> writable(Table<T> table) {
        if (!open) {
            throw new IllegalStateException("the transaction is over");
        }
        return state(table);
    }

    /** See {@link #savepoint()}. */
    public static final class Savepoint {

        private final TableState<?>[] tables;
        private final int changes;
        private final int size;

        private Savepoint(TableState<?>[] tables, int changes, int size) {
            this.tables = tables;
            this.changes = changes;
            this.size = size;
        }
    }
}
