package io.osmia.roles;

/**
 * Exists as a service exactly while this manager is the raft leader and has applied everything in its log. Every write
 * carries the term; the store refuses another one.
 */
public interface Leadership {

    /** The raft term of this leadership, greater than any before. */
    long term();
}
