package io.osmia.node.internal;

import io.osmia.ca.NodeCertificates;
import io.osmia.raft.RaftConfig;
import io.osmia.raft.RaftIdentity;
import io.osmia.raft.RaftNode;
import io.osmia.raft.StateException;
import io.osmia.roles.Clock;
import io.osmia.roles.Ids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Opens what is in the state directory: the certificates and the replicated store, which must speak of the same cluster and
 * node. Refuses with the file and the reason, and changes nothing then.
 */
final class NodeStart {

    private final Path stateDir;
    private final Clock clock;
    private final Ids ids;

    NodeStart(Path stateDir, Clock clock, Ids ids) {
        this.stateDir = stateDir;
        this.clock = clock;
        this.ids = ids;
    }

    /** The certificates; made, with a cluster of their own, when the directory is new. */
    NodeCertificates certificates() {
        Optional<RaftIdentity> raft = RaftIdentity.read(stateDir);
        Path folder = stateDir.resolve("certificates");
        if (raft.isPresent() && !Files.exists(folder.resolve("swarm-node.crt"))) {
            throw new StateException(
                    folder.resolve("swarm-node.crt"),
                    "is missing, but raft/ holds the state of cluster " + raft.get().clusterId()
                            + "; put the certificates back from a backup, or move the state directory away");
        }
        if (raft.isEmpty() && (Files.exists(KnownManagers.file(stateDir)) || hasLog())) {
            throw new StateException(
                    hasLog() ? stateDir.resolve("raft").resolve("member") : stateDir.resolve("raft"),
                    "is missing, but this node was a manager before; put it back from a backup, or move the state"
                            + " directory away");
        }
        NodeCertificates certificates = NodeCertificates.loadOrCreate(folder, ids, clock);
        raft.ifPresent(identity -> check(identity, certificates));
        return certificates;
    }

    private boolean hasLog() {
        Path folder = stateDir.resolve("raft");
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.anyMatch(Files::isDirectory);
        } catch (IOException e) {
            throw new StateException(folder, "cannot be read: " + e, e);
        }
    }

    private void check(RaftIdentity raft, NodeCertificates certificates) {
        if (!raft.clusterId().equals(certificates.clusterId())) {
            throw new StateException(
                    stateDir.resolve("raft"),
                    "is the state of cluster " + raft.clusterId()
                            + ", but the certificate in certificates/ is of cluster "
                            + certificates.clusterId() + "; the two do not belong together");
        }
        if (!raft.nodeId().equals(certificates.nodeId())) {
            throw new StateException(
                    stateDir.resolve("raft"),
                    "is the state of node " + raft.nodeId() + ", but the certificate in certificates/ is of node "
                            + certificates.nodeId() + "; the two do not belong together");
        }
    }

    /** The replicated store of this node. */
    RaftNode raft(NodeCertificates certificates, String address) {
        Optional<RaftIdentity> known = RaftIdentity.read(stateDir);
        RaftIdentity identity = known.orElseGet(
                () -> new RaftIdentity(certificates.clusterId(), newRaftId(), certificates.nodeId()));
        return RaftNode.open(new RaftConfig(stateDir, identity, address, known.isEmpty(), clock));
    }

    /** Random, positive, never used again (rule 8.1.1). */
    private static long newRaftId() {
        return (new SecureRandom().nextLong() >>> 1) | 1;
    }
}
