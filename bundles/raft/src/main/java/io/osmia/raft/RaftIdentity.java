package io.osmia.raft;

import io.osmia.raft.internal.IdentityFile;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whose raft state a directory holds.
 *
 * @param clusterId id of the cluster; equals the organization of the node's certificate
 * @param raftId raft id, positive, never reused (rule 8.1.1)
 * @param nodeId node id
 */
public record RaftIdentity(String clusterId, long raftId, String nodeId) {

    public RaftIdentity {
        if (raftId <= 0 || clusterId.isEmpty() || nodeId.isEmpty()) {
            throw new IllegalArgumentException(
                    "no raft identity: cluster '" + clusterId + "', raft id " + raftId + ", node '" + nodeId + "'");
        }
    }

    /**
     * What the state directory says, or empty when it holds no raft state yet.
     *
     * @throws StateException when the file is there and cannot be understood
     */
    public static Optional<RaftIdentity> read(Path stateDir) {
        return IdentityFile.of(stateDir).read();
    }
}
