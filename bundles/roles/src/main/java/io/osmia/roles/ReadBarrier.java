package io.osmia.roles;

import java.util.concurrent.CompletableFuture;

/** Lets a read wait until this manager's store is new enough. Both fail when there is no leader to ask for too long. */
public interface ReadBarrier {

    /** Completes when the store holds all that was committed anywhere in the cluster before this call. */
    CompletableFuture<Void> linearizable();

    /** Completes when the store has reached a version, at once when it has. */
    CompletableFuture<Void> reached(long version);
}
