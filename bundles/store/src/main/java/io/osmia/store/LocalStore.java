package io.osmia.store;

import io.osmia.roles.Clock;
import io.osmia.store.StoreException.Reason;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A store of one process that is committed at once: for tests of control loops, simulation and benchmarks. Thread-safe; one
 * transaction at a time.
 */
public final class LocalStore implements Store, AutoCloseable {

    private final Clock clock;
    private final StoreMachine machine = new StoreMachine();
    private final Object writer = new Object();
    // guarded by writer
    private OptionalLong required = OptionalLong.empty();

    public LocalStore(Clock clock) {
        this.clock = clock;
    }

    /** From now on another term is refused; before the first call any is taken. */
    public void requireTerm(long term) {
        synchronized (writer) {
            required = OptionalLong.of(term);
        }
    }

    @Override
    public View view() {
        return machine.committed();
    }

    @Override
    public Subscription subscribe(String name, int capacity) {
        return machine.subscribe(name, capacity);
    }

    @Override
    public <R> R update(long term, Function<Tx, R> body) {
        synchronized (writer) {
            if (required.isPresent() && required.getAsLong() != term) {
                throw new StoreException(Reason.LOST_LEADERSHIP);
            }
            Proposal<R> proposal = machine.propose(clock.now(), body);
            if (proposal.changes()) {
                machine.apply(proposal.transaction());
            }
            return proposal.result();
        }
    }

    @Override
    public <R> CompletableFuture<R> submit(long term, Function<Tx, R> body) {
        try {
            return CompletableFuture.completedFuture(update(term, body));
        } catch (RuntimeException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    @Override
    public List<@Nullable StoreException> batch(long term, List<Consumer<Tx>> steps) {
        return Batches.run(steps, body -> update(term, body));
    }

    /** Closes all subscriptions. */
    @Override
    public void close() {
        machine.close();
    }
}
