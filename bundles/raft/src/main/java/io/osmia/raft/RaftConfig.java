package io.osmia.raft;

import io.osmia.roles.Clock;
import java.nio.file.Path;

/**
 * How to open the replicated store.
 *
 * @param stateDir the node's state directory; raft keeps to {@code raft/} in it
 * @param identity cluster, raft id and node id; must agree with what is on disk
 * @param address host:port of the remote API as advertised; see {@link RaftNode#advertise}
 * @param bootstrap whether to found a cluster of one when the directory holds no raft state; without it that is an error
 * @param clock for the times in the objects
 * @param limits tunables
 */
public record RaftConfig(
        Path stateDir, RaftIdentity identity, String address, boolean bootstrap, Clock clock, RaftLimits limits) {

    public RaftConfig(Path stateDir, RaftIdentity identity, String address, boolean bootstrap, Clock clock) {
        this(stateDir, identity, address, bootstrap, clock, RaftLimits.DEFAULT);
    }
}
