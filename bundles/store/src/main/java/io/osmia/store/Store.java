package io.osmia.store;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The replicated object store of this manager. */
public interface Store {

    /** The newest committed state. */
    View view();

    /**
     * Subscribes from the newest committed state on.
     *
     * @param name for logs and health
     * @param capacity how many commits may wait, at least 1
     */
    Subscription subscribe(String name, int capacity);

    /**
     * Runs a transaction and completes when it is committed and applied here. A body without changes does not touch the log;
     * its answer still waits until the state it saw is committed.
     *
     * @param term the leadership on whose behalf this is done; another one in force fails it with LOST_LEADERSHIP, and when it
     *     ends while the transaction is in the log and not yet committed, it fails with OUTCOME_UNKNOWN
     * @param body runs once, on the store's writer thread or the caller's; an exception it throws undoes everything and
     *     completes the future with it, once the state that it saw is committed
     */
    <R> CompletableFuture<R> submit(long term, Function<Tx, R> body);

    /**
     * {@link #submit}, waiting for the outcome.
     *
     * @throws StoreException as refused, or what the body threw
     */
    <R> R update(long term, Function<Tx, R> body);

    /**
     * Runs many small changes in as few transactions as the limits of rule 1.2.3 allow (200 changes, 3/4 of the greatest
     * entry). Each step is all-or-nothing and sees the ones before it; a step that is refused is left out and does not
     * disturb the others.
     *
     * @return for each step its refusal, or null, in order
     */
    List<@Nullable StoreException> batch(
            long term, List<Consumer<Tx>> steps);
}
