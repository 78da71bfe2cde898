package io.osmia.raft.internal;

/** What Ratis tells. Called on its threads, with its locks held. */
interface RaftEvents {

    /** This server leads, and everything in the log has been applied. */
    void leaderReady();

    void leaderLost();

    /** Nothing more can be written or applied until Ratis is opened anew. */
    void logFailed(Throwable cause);
}
