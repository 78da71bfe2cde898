package io.osmia.raft.internal;

/** What Ratis tells. Called on its threads, with its locks held. */
interface RaftEvents {

    /** This server leads, and everything in the log has been applied. */
    void leaderReady();

    void leaderLost();

    /** Another member leads, or none. */
    void leaderChanged();

    /** A configuration is committed; {@code member} says whether this member is in it. */
    void membersChanged(boolean member);

    /** Ratis closed itself, since the leader says that this member is none any more. */
    void ended();

    /** Nothing more can be written or applied until Ratis is opened anew. */
    void logFailed(Throwable cause);
}
