package io.osmia.raft;

import io.osmia.roles.Registration;
import io.osmia.wire.osmia.StateCheck;
import java.util.List;
import java.util.function.Consumer;

/** This manager's copy of the state, as it is compared with the others'. */
public interface StateCopy {

    /** The raft term in force. */
    long term();

    /** Whether what goes to disk is to be sealed; there may be no key for that yet. */
    boolean seals();

    /** Index of the newest log entry that is in the store. */
    long appliedIndex();

    /** Its own digests at the versions that were compared last, oldest first. */
    List<StateCheck> checks();

    /** Told of each comparison that comes through the log, on the thread that applies, which must not be blocked. */
    Registration onCheck(Consumer<Compared> listener);

    /** What is wrong with this copy, for health; empty when nothing is. */
    void doubt(String why);

    /** This copy went astray: it is not to be relied on, and the node stops ({@link RaftNode#onFatal}). */
    void astray(String why);

    /**
     * A comparison.
     *
     * @param leads whether this manager led when it was told
     * @param expected what the log says
     * @param own what this copy adds up to at that version
     */
    record Compared(boolean leads, StateCheck expected, StateCheck own) {

        public boolean equal() {
            return expected.equals(own);
        }
    }
}
