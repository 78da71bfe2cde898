package io.osmia.ca.internal.server;

import io.osmia.store.Store;
import io.osmia.store.StoreException;
import io.osmia.store.Subscription;
import io.osmia.store.Tx;
import io.osmia.store.View;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shows an older state than the one that its transactions meet. */
record LaggingStore(Store store, View view) implements Store {

    @Override
    public Subscription subscribe(String name, int capacity) {
        return store.subscribe(name, capacity);
    }

    @Override
    public <R> CompletableFuture<R> submit(long term, Function<Tx, R> body) {
        return store.submit(term, body);
    }

    @Override
    public <R> R update(long term, Function<Tx, R> body) {
        return store.update(term, body);
    }

    @Override
    public List<@Nullable StoreException> batch(long term, List<Consumer<Tx>> steps) {
        return store.batch(term, steps);
    }
}
