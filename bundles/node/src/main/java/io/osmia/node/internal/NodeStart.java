package io.osmia.node.internal;

import static java.util.Objects.requireNonNull;
import io.osmia.ca.CaException;
import io.osmia.ca.Join;
import io.osmia.ca.KeyOptions;
import io.osmia.ca.LogKeyFetcher;
import io.osmia.ca.NodeCertificates;
import io.osmia.raft.Exclusion;
import io.osmia.raft.RaftConfig;
import io.osmia.raft.RaftConfig.Addresses;
import io.osmia.raft.RaftIdentity;
import io.osmia.raft.RaftLimits;
import io.osmia.raft.RaftNode;
import io.osmia.raft.RaftState;
import io.osmia.raft.StateException;
import io.osmia.roles.Clock;
import io.osmia.roles.Ids;
import io.osmia.roles.Remotes;
import io.osmia.roles.Remotes.Remote;
import io.osmia.wire.UnlockKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what is in the state directory: the certificates and the replicated store, which must speak of the same cluster and
 * node. Refuses with the file and the reason, and changes nothing then.
 */
final class NodeStart {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStart.class);

    private final Settings settings;
    private final Path stateDir;
    private final Clock clock;
    private final Ids ids;
    private boolean forceNewCluster;

    NodeStart(Settings settings, Clock clock, Ids ids) {
        this.settings = settings;
        this.stateDir = settings.stateDir();
        this.clock = clock;
        this.ids = ids;
        this.forceNewCluster = settings.forceNewCluster();
    }

    /** The managers that were known before; only the one to join through when that is given (rule 7.14.4). */
    Remotes remotes() {
        KnownManagers known = new KnownManagers(stateDir);
        List<Remote> before = settings.forceNewCluster() ? List.of() : known.read();
        AtomicReference<Optional<Remotes>> made = new AtomicReference<>(Optional.empty());
        WeightedRemotes remotes = new WeightedRemotes(
                new SplittableRandom(), () -> requireNonNull(made.get()).ifPresent(this::remember));
        if (settings.joinAddress().isEmpty()) {
            before.forEach(manager -> remotes.observe(manager, Remotes.SERVED));
            made.set(Optional.of(remotes));
        } else {
            made.set(Optional.of(remotes));
            remotes.observe(new Remote("", settings.joinAddress()), Remotes.SERVED);
        }
        return remotes;
    }

    /** Not before this node is in a cluster: one whose joining failed may still found one, or join elsewhere. */
    private void remember(Remotes managers) {
        if (!NodeCertificates.exists(stateDir.resolve("certificates"))) {
            return;
        }
        try {
            new KnownManagers(stateDir).write(managers.all());
        } catch (IOException e) {
            LOG.warn("node: the managers it knows cannot be written down: {}", e.toString());
        }
    }

    /**
     * The certificates: those on disk; with an address to join through, those that a manager issues; else made, with a cluster
     * of their own.
     *
     * @throws StateException or {@link CaException} when the node must not start
     */
    NodeCertificates certificates(Remotes remotes) {
        Optional<RaftIdentity> raft = RaftIdentity.read(stateDir);
        Path folder = stateDir.resolve("certificates");
        if (raft.isPresent() && !Files.exists(folder.resolve("swarm-node.crt"))) {
            throw new StateException(
                    folder.resolve("swarm-node.crt"),
                    "is missing, but raft/ holds the state of cluster " + raft.get().clusterId()
                            + "; put the certificates back from a backup, or move the state directory away");
        }
        if (raft.isEmpty() && hasLog()) {
            throw lost(stateDir.resolve("raft").resolve("member"));
        }
        if (settings.joinAddress().isEmpty() || NodeCertificates.exists(folder)) {
            if (!NodeCertificates.exists(folder) && Files.exists(KnownManagers.file(stateDir))) {
                throw new StateException(
                        folder,
                        "is missing, but this node was in a cluster before; put it back from a backup, or move the"
                                + " state directory away");
            }
            NodeCertificates certificates = NodeCertificates.loadOrCreate(folder, ids, clock, keyOptions());
            raft.ifPresent(identity -> check(identity, certificates));
            return certificates;
        }
        Optional<String> token = Optional.of(settings.joinToken()).filter(given -> !given.isEmpty());
        return NodeCertificates.join(
                folder,
                new Join(settings.joinAddress(), token, settings.availability()),
                remotes,
                clock,
                keyOptions());
    }

    private KeyOptions keyOptions() {
        Optional<byte[]> key = settings.unlockKey().isEmpty()
                ? Optional.empty()
                : Optional.of(UnlockKey.parse(settings.unlockKey()));
        return new KeyOptions(key, settings.autolock(), settings.forceNewCluster(), settings.expiredGrace());
    }

    private static StateException lost(Path what) {
        return new StateException(
                what, "is missing, but this node was a manager before; put it back from a backup, or move the state"
                        + " directory away");
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

    /**
     * The replicated store of this manager: what is on disk, or empty and waiting to be taken in, or a new cluster.
     *
     * @param excluded who may not speak raft though its certificate would do
     */
    RaftNode raft(NodeCertificates certificates, Remotes remotes, Exclusion excluded) {
        Optional<RaftIdentity> known = RaftIdentity.read(stateDir);
        RaftIdentity identity = known.orElseGet(
                () -> new RaftIdentity(certificates.clusterId(), RaftState.newRaftId(), certificates.nodeId()));
        RaftConfig.Start how = known.isPresent() ? recovery() : birth(certificates, remotes);
        String api =
                settings.advertiseRemoteApi().isEmpty() ? settings.listenRemoteApi() : settings.advertiseRemoteApi();
        return RaftNode.open(new RaftConfig(
                stateDir,
                identity,
                how,
                new Addresses(api, settings.listenRaftApi(), settings.advertiseRaftApi()),
                clock,
                RaftLimits.DEFAULT,
                certificates,
                certificates.logKeys(),
                excluded,
                version -> fetch(new LogKeyFetcher(certificates.channels(), remotes, certificates.logKeys()), version),
                settings.seal()));
    }

    private static void fetch(LogKeyFetcher keys, int version) {
        try {
            keys.fetch();
        } catch (CaException e) {
            LOG.warn("node: log key {} is missing here: {}", version, e.getMessage());
        }
    }

    /** The others are given up once: when this node comes back as a manager later, it has joined. */
    private RaftConfig.Start recovery() {
        boolean alone = forceNewCluster;
        forceNewCluster = false;
        return alone ? RaftConfig.Start.FORCE_NEW : RaftConfig.Start.RECOVER;
    }

    private RaftConfig.Start birth(NodeCertificates certificates, Remotes remotes) {
        if (remotes.all().stream().anyMatch(remote -> !remote.nodeId().equals(certificates.nodeId()))) {
            return RaftConfig.Start.JOIN;
        }
        if (Files.exists(KnownManagers.file(stateDir))) {
            throw lost(stateDir.resolve("raft"));
        }
        return RaftConfig.Start.FOUND;
    }

    /** Forgets all that raft left here. */
    void wipeRaft() {
        RaftState.wipe(stateDir);
    }
}
