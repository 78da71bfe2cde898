package io.osmia.raft.internal;

/** Where the proposer puts entries. */
@FunctionalInterface
interface EntryLog {

    /**
     * Appends in the order of the calls, and only while the entry's term is in force. What fails is told elsewhere and ends the
     * leadership; nothing is thrown.
     */
    void append(PendingEntry entry);
}
