package io.osmia.raft.internal;

import io.osmia.raft.RaftConfig;
import io.osmia.raft.RaftConfig.Start;
import io.osmia.raft.RaftIdentity;
import io.osmia.raft.StateException;
import io.osmia.raft.internal.check.LogCheck;
import io.osmia.raft.internal.seal.FirstKey;
import io.osmia.raft.internal.seal.Resealing;
import io.osmia.raft.internal.seal.Sealer;
import io.osmia.roles.HostPort;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder {@code raft} of a state directory: what must be true of it before Ratis opens it. */
final class RaftDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(RaftDirectory.class);

    private final Path raft;
    private final RaftConfig config;

    RaftDirectory(RaftConfig config) {
        this.raft = of(config.stateDir());
        this.config = config;
    }

    static Path of(Path stateDir) {
        return stateDir.resolve("raft");
    }

    /**
     * Checks everything that is there, and makes the folder for a new cluster. All that it changes in an existing one is to cut
     * off a torn last record.
     *
     * @throws StateException when the node must not start from it
     */
    void prepare() {
        IdentityFile file = IdentityFile.of(config.stateDir());
        Optional<RaftIdentity> found = file.read();
        if (found.isEmpty()) {
            found(file);
        } else {
            requireSame(file, found.get());
        }
        Resealing resealing = new Resealing(group());
        resealing.finish();
        check();
        if (!hasOthers()) {
            new FirstKey(config, group()).make();
        }
        resealing.run(new Sealer(config.identity().clusterId(), config.logKeys(), config.missingKey()));
    }

    private void found(IdentityFile file) {
        if (!groups().isEmpty()) {
            throw new StateException(file.path(), "is missing, though there is a raft log beside it");
        }
        if (config.start() != Start.FOUND && config.start() != Start.JOIN) {
            throw new StateException(raft, "holds no raft state, but node "
                    + config.identity().nodeId() + " is a manager already; restore it from a backup, or join anew");
        }
        try {
            Files.createDirectories(
                    raft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new StateException(raft, "cannot be made: " + e.getMessage(), e);
        }
        file.write(config.identity(), config.start() == Start.FOUND);
    }

    private void requireSame(IdentityFile file, RaftIdentity found) {
        RaftIdentity own = config.identity();
        if (!found.clusterId().equals(own.clusterId())) {
            throw new StateException(file.path(), "the raft state is of cluster " + found.clusterId()
                    + ", the certificate of this node is of cluster " + own.clusterId());
        }
        if (!found.nodeId().equals(own.nodeId())) {
            throw new StateException(file.path(), "the raft state is of node " + found.nodeId()
                    + ", the certificate is of node " + own.nodeId());
        }
        if (found.raftId() != own.raftId()) {
            throw new StateException(file.path(), "the raft state is of raft member " + Long.toHexString(found.raftId())
                    + ", this node is raft member " + Long.toHexString(own.raftId()));
        }
    }

    /** Whether there are, or are to be, other members. */
    boolean hasOthers() {
        int members = Math.max(onDisk().getPeersCount(), onDisk().getOldPeersCount());
        return members > 1
                || (members == 0 && !IdentityFile.of(config.stateDir()).founder());
    }

    /** The port at which others knew this member; 0 when they did not. */
    int formerPort() {
        String self = PeerName.of(config.identity()).peerId().toString();
        return hasOthers()
                ? onDisk().getPeersList().stream()
                        .filter(peer -> peer.getId().toStringUtf8().equals(self))
                        .findFirst()
                        .map(peer -> HostPort.parse(peer.getAddress()).port())
                        .orElse(0)
                : 0;
    }

    /** The newest configuration that was applied; empty when there is none. */
    private RaftConfigurationProto onDisk() {
        Path file = group().resolve("current").resolve("raft-meta.conf");
        if (!Files.exists(file)) {
            return RaftConfigurationProto.getDefaultInstance();
        }
        try {
            return LogEntryProto.parseFrom(Files.readAllBytes(file)).getConfigurationEntry();
        } catch (IOException e) {
            throw new StateException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** Where the log's segments are. */
    Path segments() {
        return group().resolve("current");
    }

    private Path group() {
        return raft.resolve(GroupIds.of(config.identity().clusterId()).toString());
    }

    /**
     * After a failed sync the system may show bytes that are not on the disk, and never write them. So what is in the open
     * segment is written anew, and synced, before anything builds on it.
     */
    void rewriteOpenSegment() throws IOException {
        try (DirectoryStream<Path> open =
                Files.newDirectoryStream(group().resolve("current"), "log_inprogress_*")) {
            for (Path segment : open) {
                DurableFiles.write(segment, "rewritten.tmp", Files.readAllBytes(segment));
            }
        }
    }

    /** Looks through the log and the snapshots; a torn last record is cut off, and logged. */
    void check() {
        Path group = group();
        for (Path other : groups()) {
            if (!other.equals(group)) {
                throw new StateException(other, "is the raft state of another cluster than "
                        + config.identity().clusterId());
            }
        }
        new LogCheck(group, config.logKeys() != null).run().ifPresent(torn -> {
            LOG.warn(
                    "raft: {}: the last record, from byte {} on, was not wholly written before a crash; it was never"
                            + " acknowledged and is cut off",
                    torn.file(),
                    torn.offset());
            torn.cut();
        });
    }

    private List<Path> groups() {
        if (!Files.isDirectory(raft)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(raft)) {
            return entries.filter(RaftDirectory::isGroup).sorted().toList();
        } catch (IOException e) {
            throw new StateException(raft, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isGroup(Path entry) {
        return String.valueOf(entry.getFileName()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    }
}
