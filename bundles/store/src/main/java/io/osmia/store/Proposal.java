package io.osmia.store;

import io.osmia.wire.osmia.Transaction;

/**
 * A transaction that was validated against the tentative head and awaits its commit.
 *
 * @param version its version; 0 when the body changed nothing: then there is nothing to replicate
 * @param transaction what goes into the log; empty when nothing changed
 * @param result what the body answered
 */
public record Proposal<R>(long version, Transaction transaction, R result) {

    /** Whether there is something to replicate. */
    public boolean changes() {
        return version != 0;
    }
}
