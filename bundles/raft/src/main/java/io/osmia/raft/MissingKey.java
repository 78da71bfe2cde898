package io.osmia.raft;

/** Asked when a record is sealed with a log key that this manager does not hold. */
@FunctionalInterface
public interface MissingKey {

    /** Nobody can be asked. */
    MissingKey NOBODY = version -> {};

    /**
     * Asks other managers for it, and gives it to this one's {@link io.osmia.roles.LogKeys}. Called on the thread that applies,
     * again and again until the key is there; takes a bounded time and does not throw.
     */
    void fetch(int version);
}
