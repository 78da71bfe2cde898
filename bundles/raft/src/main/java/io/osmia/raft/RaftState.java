package io.osmia.raft;

import io.osmia.raft.internal.RaftFolder;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/** The folder {@code raft} of a state directory that nothing has open. */
public final class RaftState {

    private RaftState() {}

    /** An id for a new member: random, positive, below 2^63 (rule 8.1.1). */
    public static long newRaftId() {
        return ThreadLocalRandom.current().nextLong(Long.MAX_VALUE) + 1;
    }

    /**
     * Removes it with all in it. What was interrupted is finished by the next call: the identity goes last.
     *
     * @throws StateException when something cannot be removed
     */
    public static void wipe(Path stateDir) {
        RaftFolder.wipe(stateDir);
    }

    /** The raft id that the folder belongs to; empty when there is none. */
    public static OptionalLong raftId(Path stateDir) {
        return RaftIdentity.read(stateDir)
                .map(identity -> OptionalLong.of(identity.raftId()))
                .orElse(OptionalLong.empty());
    }
}
