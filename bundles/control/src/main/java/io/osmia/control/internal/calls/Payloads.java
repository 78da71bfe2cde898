package io.osmia.control.internal.calls;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.osmia.control.internal.rules.Refusal;
import io.osmia.store.By;
import io.osmia.store.StoreException;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Version;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** What is done with secrets and configs alike (rule 1.7): objects with a name and data that never change. */
final class Payloads<T extends Message> {

    /**
     * One of the two kinds.
     *
     * @param labelled the object with these labels instead of its own
     * @param users services that use the object of this id
     */
    record Kind<T extends Message>(
            Table<T> table,
            Function<T, Annotations> annotations,
            Function<T, ByteString> data,
            BiFunction<T, Map<String, String>, T> labelled,
            Function<String, By> users) {}

    private final StoreAccess store;
    private final Kind<T> kind;
    private final Table<T> table;
    private final Refusal noId;

    Payloads(StoreAccess store, Kind<T> kind) {
        this.store = store;
        this.kind = kind;
        this.table = kind.table();
        this.noId = Refusal.invalid(table.kind() + " ID must be provided");
    }

    T get(String id) {
        return StoreAccess.existing(store.view(), table, id, noId);
    }

    Stream<T> list(
            List<String> names, List<String> namePrefixes, List<String> idPrefixes, Map<String, String> labels) {
        return store.view().find(table, Union.of(names, namePrefixes, idPrefixes)).stream()
                .filter(object -> Selection.hasAll(annotations(object).getLabelsMap(), labels));
    }

    T create(T made) {
        return store.write(tx -> {
            try {
                return tx.create(table, made);
            } catch (StoreException refused) {
                throw refused.reason() == StoreException.Reason.NAME_CONFLICT
                        ? Refusal.exists(table.kind() + " " + annotations(made).getName() + " already exists")
                                .exception()
                        : refused;
            }
        });
    }

    /**
     * Rule 1.7.4: only the labels; data that is not given is not to be changed.
     *
     * @param complete whether the request has all that it must have
     */
    T update(String id, boolean complete, Version version, Annotations wanted, ByteString data) {
        return store.write(tx -> update(tx, id, complete, version, wanted, data));
    }

    private T update(Tx tx, String id, boolean complete, Version version, Annotations wanted, ByteString data) {
        T stored = StoreAccess.existing(tx, table, id, noId);
        StoreAccess.need(complete);
        boolean sameName = wanted.getName().equals(annotations(stored).getName());
        boolean sameData = data.isEmpty() || data.equals(kind.data().apply(stored));
        if (!sameName || !sameData) {
            throw Refusal.invalid("only updates to Labels are allowed").exception();
        }
        StoreAccess.sameVersion(table, stored, version);
        return tx.update(table, kind.labelled().apply(stored, wanted.getLabelsMap()));
    }

    /** Rule 1.7.6. */
    void remove(String id) {
        store.write(tx -> {
            T stored = StoreAccess.toRemove(tx, table, id, noId);
            List<Service> users =
                    tx.find(Table.SERVICES, kind.users().apply(id));
            Refusal.raise(Usage.objection(table.kind(), annotations(stored), users));
            tx.delete(table, id);
            return stored;
        });
    }

    private Annotations annotations(T object) {
        return kind.annotations().apply(object);
    }
}
