package io.osmia.control.internal.calls;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.osmia.control.internal.rules.Refusal;
import io.osmia.roles.Clock;
import io.osmia.roles.Ids;
import io.osmia.store.Store;
import io.osmia.store.StoreException;
import io.osmia.store.Table;
import io.osmia.store.Tx;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Version;
import java.time.Instant;
import java.util.function.Function;

/**
 * The store on behalf of one leadership, with what new objects need.
 *
 * @param term the leadership that answers the calls
 */
public record StoreAccess(Store store, long term, Clock clock, Ids ids) {

    /** For calls that change nothing. */
    public static StoreAccess reading(Store store) {
        return new StoreAccess(
                store,
                NO_TERM,
                () -> {
                    throw new IllegalStateException("a read has no time");
                },
                () -> {
                    throw new IllegalStateException("a read makes no objects");
                });
    }

    /** No leadership has it: the store refuses a change with LOST_LEADERSHIP. */
    private static final long NO_TERM = -1;

    View view() {
        return store.view();
    }

    /** Runs a transaction and waits until it is committed here. A refusal raised inside undoes it. */
    <R> R write(Function<Tx, R> body) {
        return store.update(term, body);
    }

    Timestamp now() {
        Instant now = clock.now();
        return Timestamp.newBuilder()
                .setSeconds(now.getEpochSecond())
                .setNanos(now.getNano())
                .build();
    }

    /** The object, or a refusal: without an id the given one, NOT_FOUND when there is none (rules 1.3.1 and 1.3.2). */
    static <T extends Message> T existing(View view, Table<T> table, String id, Refusal withoutId) {
        if (id.isEmpty()) {
            throw withoutId.exception();
        }
        T object = view.get(table, id);
        if (object == null) {
            throw Refusal.notFound(table.kind(), id).exception();
        }
        return object;
    }

    static <T extends Message> T existing(View view, Table<T> table, String id) {
        return existing(view, table, id, Refusal.INVALID_ARGUMENT);
    }

    /** The object, or a refusal in the words that removals of some kinds have (rule 1.3.2). */
    static <T extends Message> T toRemove(View view, Table<T> table, String id, Refusal withoutId) {
        T object = id.isEmpty() ? null : view.get(table, id);
        if (!id.isEmpty() && object == null) {
            throw new Refusal(Status.Code.NOT_FOUND, "could not find " + table.kind() + " " + id).exception();
        }
        return existing(view, table, id, withoutId);
    }

    /** Fails as the store would, for checks that compare with the stored object and must not judge by another one. */
    static <T extends Message> void sameVersion(Table<T> table, T stored, Version given) {
        if (table.meta(stored).getVersion().getIndex() != given.getIndex()) {
            throw new StoreException(StoreException.Reason.OUT_OF_SEQUENCE);
        }
    }

    /** Refuses a call that lacks something mandatory (rule 1.3.1). */
    static void need(boolean given) {
        if (!given) {
            throw Refusal.INVALID_ARGUMENT.exception();
        }
    }
}
