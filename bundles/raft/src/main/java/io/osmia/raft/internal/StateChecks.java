package io.osmia.raft.internal;

import com.google.protobuf.UnsafeByteOperations;
import io.osmia.raft.StateCopy.Compared;
import io.osmia.roles.Registration;
import io.osmia.store.View;
import io.osmia.wire.osmia.LogEntry;
import io.osmia.wire.osmia.StateCheck;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares the copy of the state with what the log says. Thread-safe; fed by the thread that applies. */
final class StateChecks {

    private static final Logger LOG = LoggerFactory.getLogger(StateChecks.class);

    /** Versions that may lie between the one that a comparison names and its own place in the log. */
    private static final int REMEMBERED = 2 * Proposer.MOST_IN_FLIGHT;

    /** So many that one is still here when others ask for it, who do so twice a second, under any load. */
    private static final int KEPT = 64;

    private final long interval;
    private final BooleanSupplier leads;
    private final Runnable propose;
    private final List<Consumer<Compared>> listeners = new CopyOnWriteArrayList<>();

    /* Guarded by this. */
    private final StateCheck[] remembered = new StateCheck[REMEMBERED];
    private final ArrayDeque<StateCheck> compared = new ArrayDeque<>();
    private long entries;

    /**
     * @param interval entries between two comparisons
     * @param leads whether this manager leads
     * @param propose puts a comparison into the log, soon and on another thread
     */
    StateChecks(long interval, BooleanSupplier leads, Runnable propose) {
        this.interval = interval;
        this.leads = leads;
        this.propose = propose;
    }

    /** What the log is to say of this state. */
    static StateCheck of(View view) {
        return StateCheck.newBuilder()
                .setVersion(view.version())
                .setDigest(UnsafeByteOperations.unsafeWrap(view.digest().bytes()))
                .build();
    }

    /** A transaction is in the store; called for each, in order. */
    synchronized void transaction(View after) {
        remembered[(int) (after.version() % REMEMBERED)] = of(after);
    }

    /** An entry is in the store. */
    void entry(LogEntry entry) {
        if (entry.hasCheck()) {
            compare(entry.getCheck());
        } else if (due()) {
            propose.run();
        }
    }

    private synchronized boolean due() {
        entries++;
        return entries % interval == 0 && leads.getAsBoolean();
    }

    private void compare(StateCheck expected) {
        Compared result;
        synchronized (this) {
            StateCheck own = remembered[(int) (expected.getVersion() % REMEMBERED)];
            if (own == null || own.getVersion() != expected.getVersion()) {
                // That version came with a snapshot, or is older than what is remembered.
                return;
            }
            if (compared.size() == KEPT) {
                compared.removeFirst();
            }
            compared.addLast(own);
            result = new Compared(leads.getAsBoolean(), expected, own);
        }
        if (!result.equal()) {
            LOG.error(
                    "raft: this manager's copy of the state differs from what the leader said at version {}",
                    expected.getVersion());
        }
        listeners.forEach(listener -> listener.accept(result));
    }

    synchronized List<StateCheck> compared() {
        return List.copyOf(compared);
    }

    Registration onCheck(Consumer<Compared> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
