package io.osmia.store;

import io.osmia.store.StoreException.Reason;
import io.osmia.store.internal.Draft;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Packs many small changes into few transactions (rule 1.2.3). */
public final class Batches {

    private static final int MAX_CHANGES = 200;
    private static final int MAX_BYTES = 1_179_648;

    private final List<Consumer<Tx>> steps;
    private final List<@Nullable StoreException> refusals;

    private Batches(List<Consumer<Tx>> steps) {
        this.steps = steps;
        this.refusals = new ArrayList<>(Collections.nCopies(steps.size(), null));
    }

    /**
     * Runs the steps in order, one transaction after the other.
     *
     * @param update runs one transaction and waits for it, e.g. {@code body -> store.update(term, body)}
     * @return for each step its refusal or null; when a transaction is lost, its steps and all after it have its refusal
     */
    public static List<@Nullable StoreException> run(
            List<Consumer<Tx>> steps, Function<Function<Tx, Integer>, Integer> update) {
        Batches batch = new Batches(List.copyOf(steps));
        int next = 0;
        while (next < steps.size()) {
            int from = next;
            try {
                next = update.apply(tx -> batch.fill((Draft) tx, from));
            } catch (StoreException lost) {
                Collections.fill(batch.refusals.subList(from, steps.size()), lost);
                next = steps.size();
            }
        }
        return batch.refusals;
    }

    /** Runs steps until the transaction is full; answers the first step that is left for the next one. */
    private int fill(Draft tx, int from) {
        int next = from;
        while (next < steps.size() && tx.changeCount() < MAX_CHANGES && tx.size() < MAX_BYTES) {
            Draft.Savepoint before = tx.savepoint();
            boolean first = tx.changeCount() == 0;
            StoreException refusal = attempt(tx, steps.get(next));
            if (refusal == null && tx.size() > StoreMachine.MAX_TRANSACTION_BYTES) {
                if (!first) {
                    tx.rollback(before);
                    return next;
                }
                refusal = new StoreException(Reason.TOO_LARGE);
            }
            if (refusal != null) {
                tx.rollback(before);
            }
            refusals.set(next, refusal);
            next++;
        }
        return next;
    }

    private static @Nullable StoreException attempt(Draft tx, Consumer<Tx> step) {
        try {
            step.accept(tx);
            return null;
        } catch (StoreException refusal) {
            return refusal;
        }
    }
}
